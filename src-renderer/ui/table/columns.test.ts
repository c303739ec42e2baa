import { expect, test } from 'vitest'
import { asItCame, compareValues, shownColumns, type TableColumn, withColumn } from './columns.ts'

const column = (id: string, more: Partial<TableColumn<string>> = {}): TableColumn<string> => ({
  id,
  title: id,
  value: (row) => row,
  ...more,
})
const columns = [
  column('what', { isFixed: true }),
  column('took'),
  column('folder', { isExtra: true }),
]
const ids = (choice = asItCame) => shownColumns(columns, choice).map(({ id }) => id)

test('extra columns are left out until they are asked for', () => {
  expect(ids()).toEqual(['what', 'took'])
  expect(ids(withColumn(asItCame, 'folder'))).toEqual(['what', 'took', 'folder'])
})

test('a column is left out and taken in again; one that is fixed stays', () => {
  const without = withColumn(withColumn(asItCame, 'took'), 'what')
  expect(ids(without)).toEqual(['what'])
  expect(ids(withColumn(without, 'took'))).toEqual(['what', 'took'])
})

test('columns that are gone since do no harm', () =>
  expect(ids({ sort: 'gone', down: true, toggled: ['gone'] })).toEqual(['what', 'took']))

test('numbers are sorted by size, names as people count', () => {
  expect([10, 9, -1].sort(compareValues)).toEqual([-1, 9, 10])
  expect(['h10', 'H2', 'h1'].sort(compareValues)).toEqual(['h1', 'H2', 'h10'])
  expect(['x', 3].sort(compareValues)).toEqual([3, 'x'])
})

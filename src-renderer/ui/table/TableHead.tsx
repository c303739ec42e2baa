import { Icon } from '../Icon.tsx'
import { Tip } from '../Tip.tsx'
import type { TableChoice, TableColumn } from './columns.ts'

type Props<Row> = {
  column: TableColumn<Row>
  choice: TableChoice
  onChange: (choice: TableChoice) => void
}

/** The head of a column: pressed it sorts, the next time the other way round, then as it came. */
export function TableHead<Row>({ column, choice, onChange }: Props<Row>) {
  const { id, title, head, about, kind, className } = column
  const isSorted = choice.sort === id
  const classes = [kind === 'number' && 'number', className].filter(Boolean).join(' ')
  const button = (
    <button
      type="button"
      className="table-sort"
      onClick={() => onChange({ ...choice, ...nextSort(choice, id, kind === 'number') })}
    >
      {head ? (
        <>
          {head}
          <span className="hidden-visually">{title}</span>
        </>
      ) : (
        title
      )}
      <span className="table-way" data-way={isSorted ? (choice.down ? 'down' : 'up') : undefined}>
        <Icon name="up" />
      </span>
    </button>
  )
  return (
    <th
      scope="col"
      className={classes}
      aria-sort={isSorted ? (choice.down ? 'descending' : 'ascending') : 'none'}
    >
      {about ? <Tip text={about}>{button}</Tip> : button}
    </th>
  )
}

/** Of numbers the largest are asked for first, of words the first ones. */
export function nextSort(
  { sort, down }: TableChoice,
  id: string,
  isNumber: boolean,
): Pick<TableChoice, 'sort' | 'down'> {
  if (sort !== id) return { sort: id, down: isNumber }
  return down === isNumber ? { sort: id, down: !down } : { sort: '', down: false }
}

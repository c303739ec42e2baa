import { useCopy } from '../CopyButton.tsx'
import { Icon } from '../Icon.tsx'
import { Menu, MenuItem, MenuTicks } from '../Menu.tsx'
import { shownColumns, type TableChoice, type TableColumn, withColumn } from './columns.ts'

/** Which columns are shown, and the table as CSV. */
export function TableMenu<Row>({
  label,
  columns,
  choice,
  onChange,
  csv,
}: {
  label: string
  columns: readonly TableColumn<Row>[]
  choice: TableChoice
  onChange: (choice: TableChoice) => void
  csv: () => string
}) {
  const { copied, copy } = useCopy()
  const shown = new Set(shownColumns(columns, choice).map(({ id }) => id))
  const free = columns.filter(({ isFixed }) => !isFixed)
  return (
    <>
      <Menu
        kind="quiet"
        icon
        align="end"
        label={`Columns and copy: ${label}`}
        button={<Icon name={copied ? 'copied' : 'columns'} />}
      >
        <MenuItem onChoose={() => void copy(csv())}>Copy as CSV</MenuItem>
        {free.length > 0 && (
          <MenuTicks
            label="Columns"
            options={free.map(({ id, title }) => ({ id, title, on: shown.has(id) }))}
            onToggle={(id) => onChange(withColumn(choice, id))}
          />
        )}
      </Menu>
      <span className="hidden-visually" role="status">
        {copied && 'Copied'}
      </span>
    </>
  )
}

import { Icon } from './Icon.tsx'

/** Where a view is searched: a field with a lens. */
export function SearchBox({
  placeholder,
  label,
  value,
  onChange,
}: {
  placeholder: string
  label: string
  value: string
  onChange: (text: string) => void
}) {
  return (
    <span className="filter-box search-box">
      <Icon name="search" />
      <input
        className="field"
        type="search"
        placeholder={placeholder}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  )
}

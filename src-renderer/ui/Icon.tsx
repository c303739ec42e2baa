/** Line icons on a 16 px square, drawn for this window. */
const paths = {
  play: 'M5 3.5v9l7-4.5z',
  stop: 'M4 4h8v8H4z',
  pause: 'M5.5 4v8M10.5 4v8',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  funnel: 'M2.5 3.5h11L9.5 8.5v3.5l-3 1.5v-5z',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14',
  folder: 'M2 4.5h4l1.5 2H14v7H2z',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  left: 'M2.5 3h11v10h-11zM6 3v10',
  right: 'M2.5 3h11v10h-11zM10 3v10',
  up: 'M8 13V3.5M4 7.5l4-4 4 4',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  branch:
    'M5 3v7M5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11 6c0 3-6 2-6 4',
  copy: 'M5.5 5.5h7.5v8H5.5zM3 10.5v-8h7.5',
  copied: 'M3 8.5l3.5 3.5L13 4.5',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  rerun: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
  prior: 'M12 3.5v9l-7-4.5zM4 3.5v9',
  next: 'M4 3.5v9l7-4.5zM12 3.5v9',
  terminal: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10h3',
  wrap: 'M2.5 4h11M2.5 8h8.5a2 2 0 0 1 0 4H8M9.5 10.5 8 12l1.5 1.5M2.5 12H5',
  edit: 'M3 13l.7-3L11 2.7l2.3 2.3L6 12.3zM9.5 4.2l2.3 2.3',
  save: 'M8 2.5v7M5 7l3 3 3-3M3 13h10',
  list: 'M6 4h7.5M6 8h7.5M6 12h7.5M2.8 4h.01M2.8 8h.01M2.8 12h.01',
  chip: 'M5 5h6v6H5zM6.5 5V2.5M9.5 5V2.5M6.5 13.5V11M9.5 13.5V11M5 6.5H2.5M5 9.5H2.5M13.5 6.5H11M13.5 9.5H11',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.3v.01',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

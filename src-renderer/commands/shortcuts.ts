/** What the keys do, as `?` lists them. Each group's own file decides: this list only tells. */
export type ShortcutGroup = {
  readonly title: string
  readonly keys: readonly (readonly [keys: string, does: string])[]
}

export const shortcuts: readonly ShortcutGroup[] = [
  {
    title: 'Anywhere',
    keys: [
      ['Ctrl + K', 'every command and board by its name'],
      ['Ctrl + B', 'build'],
      ['Ctrl + .', 'stop the run'],
      ['Ctrl + O', 'open a tree'],
      ['Ctrl + H', 'history'],
      ['Ctrl + ,', 'settings'],
      ['Ctrl + Shift + T', 'terminal in the tree'],
      ['Alt + 1 … 5', 'grid, timeline, summary, history, terminals'],
      ['?', 'this help'],
    ],
  },
  {
    title: 'In the grid',
    keys: [
      ['← → ↑ ↓', 'move'],
      ['Home End PgUp PgDn', 'move far'],
      ['n  N', 'next and previous failure'],
      ['Enter', 'open the log at its first error'],
      ['Space', 'select'],
      ['Shift + arrows', 'select a stretch'],
      ['r', 'build the selection again, or what failed'],
      ['1 … 9', 'one machine alone'],
      ['/', 'filter'],
      ['Esc', 'close the details, then clear selection and filters'],
    ],
  },
  {
    title: 'In a log',
    keys: [
      ['e  E', 'next and previous error'],
      ['n  N', 'next and previous failed build'],
      ['/  Ctrl + F', 'find; Enter and Shift + Enter step'],
      ['Enter  o', 'open the line in your editor'],
      ['c', 'copy the command that does the same by hand'],
      ['r', 'build it again'],
      ['t', 'terminal in its output folder'],
      ['Esc', 'back to the grid'],
    ],
  },
  {
    title: 'In the timeline',
    keys: [
      ['w  s', 'zoom in and out'],
      ['a  d', 'move earlier and later'],
      ['0', 'the whole run'],
      ['l', 'its live end'],
      ['← → ↑ ↓', 'from build to build, from slot to slot'],
      ['n  N', 'next and previous failure'],
      ['Enter', 'open the log'],
    ],
  },
  {
    title: 'In a terminal',
    keys: [
      ['Ctrl + Shift + C', 'copy'],
      ['Ctrl + Shift + V', 'paste'],
      ['F6', 'leave it'],
      ['Delete', 'close it, from its tab'],
    ],
  },
  {
    title: 'With the mouse',
    keys: [
      ['click a machine', 'show it alone'],
      ['Shift-click a machine', 'leave it out of the next run'],
      ['Ctrl-click, Shift-click a cell', 'select cells'],
      ['Ctrl-click a line of a log', 'open it in your editor'],
      ['Ctrl + wheel, drag', 'zoom and move the timeline'],
    ],
  },
]

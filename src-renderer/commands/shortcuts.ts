import { commands, commandsIn, type KeyScope } from '../../src-preload/commands.ts'
import { keysOf, shownKey } from '../../src-preload/key-bindings.ts'

/** What the keys do, as `?` lists them: from the registry, and what the mouse does besides. */
export type ShortcutGroup = {
  readonly title: string
  readonly keys: readonly (readonly [keys: string, does: string])[]
}

const scopes: readonly (readonly [scope: KeyScope, title: string])[] = [
  ['anywhere', 'Anywhere'],
  ['grid', 'In the grid'],
  ['log', 'In a log'],
  ['timeline', 'In the timeline'],
  ['terminal', 'In a terminal'],
]

/** Keys beyond this many are told as the first and the last of them. */
const mostKeys = 3

export const shortcuts: readonly ShortcutGroup[] = [
  ...scopes.map(([scope, title]) => ({ title, keys: keysIn(scope) })),
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

function keysIn(scope: KeyScope): readonly (readonly [string, string])[] {
  return commandsIn(scope)
    .filter((id) => keysOf(id).length > 0)
    .map((id) => [keyWords(keysOf(id)), commands[id].title])
}

function keyWords(keys: readonly string[]): string {
  const shown = keys.map(shownKey)
  return shown.length > mostKeys ? `${shown[0]} … ${shown.at(-1)}` : shown.join('  ')
}

import type { CommandOf } from '../../src-preload/commands.ts'
import { menuCommands } from '../../src-preload/contract.ts'
import { commandOfKey, type KeyPress } from '../../src-preload/key-bindings.ts'
import type { Stores } from '../state/stores.ts'
import { tabs } from '../state/tabs.ts'

export type WindowCommand = CommandOf<'anywhere'>

export const tabCommands = ['tab-1', 'tab-2', 'tab-3', 'tab-4', 'tab-5'] as const

/** What each command does that counts anywhere in the window, from the menu as from a key. */
const does: Readonly<Record<WindowCommand, (stores: Stores) => void>> = {
  'open-tree': ({ launch }) => void launch.chooseFolder(),
  build: ({ actions }) => void actions.start(),
  stop: ({ actions, runs }) => {
    if (runs.store.getState().status === 'running') void actions.act({ kind: 'cancel' })
  },
  palette: ({ view }) => view.openDialog({ name: 'palette' }),
  history: ({ view }) => view.change({ tab: 'history' }),
  settings: ({ view }) => view.openDialog({ name: 'settings' }),
  'kill-workers': ({ view }) => view.openDialog({ name: 'stale-workers' }),
  help: ({ view }) => view.openDialog({ name: 'help' }),
  about: ({ view }) => view.openDialog({ name: 'about' }),
  'new-terminal': ({ launch, terminals, view }) => {
    const { dir, tree } = launch.store.getState()
    view.change({ tab: 'terminals' })
    if (tree.status === 'ready') void terminals.open({ kind: 'tree', dir })
  },
  escape: ({ view }) => view.escape(),
  'tab-1': showTab(0),
  'tab-2': showTab(1),
  'tab-3': showTab(2),
  'tab-4': showTab(3),
  'tab-5': showTab(4),
}

export function runWindowCommand(stores: Stores, id: WindowCommand): void {
  does[id](stores)
}

/**
 * The command of a key that the page itself has to act on, or null: the first key of a menu's entry is
 * the menu's, and what is typed into a field is text.
 */
export function windowCommandOfKey(
  press: KeyPress,
  target: EventTarget | null,
): WindowCommand | null {
  const found = commandOfKey('anywhere', press)
  if (!found) return null
  const inMenu = (menuCommands as readonly string[]).includes(found.id)
  if (inMenu && found.which === 0) return null
  if (!(target instanceof Element)) return found.id
  if (found.id === 'escape' && target.closest('dialog, [popover], .terminal-view')) return null
  const isText = !press.ctrlKey && !press.metaKey && !press.altKey
  return isText && takesText(target) ? null : found.id
}

/** Fields in which keys are letters; radio buttons and switches are none. */
function takesText(target: Element): boolean {
  const field = target.closest('input, textarea, select, .xterm')
  if (!(field instanceof HTMLInputElement)) return field !== null
  return !['radio', 'checkbox', 'range', 'button', 'color'].includes(field.type)
}

function showTab(index: number): (stores: Stores) => void {
  return ({ view }) => {
    const tab = tabs[index]
    if (tab) view.change({ tab: tab.id })
  }
}

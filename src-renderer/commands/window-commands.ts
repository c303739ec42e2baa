import {
  type CommandOf,
  commands,
  commandsIn,
  isMachineCommand,
  type MachineCommand,
} from '../../src-preload/commands.ts'
import { menuCommands } from '../../src-preload/contract.ts'
import { commandOfKey, type KeyPress } from '../../src-preload/key-bindings.ts'
import { askToFindCommit, cellInFocus } from '../bisect/find-commit.ts'
import { failedTargets } from '../state/grid/grid-model.ts'
import { leftBuilds } from '../state/run/left-builds.ts'
import type { Stores } from '../state/stores.ts'
import type { TabId } from '../state/tabs.ts'
import { doHold } from './conditions.ts'
import { openRunFile } from './open-run-file.ts'

/** Those that need no machine to be named. */
export type PlainCommand = Exclude<CommandOf<'anywhere'>, MachineCommand>

export const windowCommands = commandsIn('anywhere')

type Does = (stores: Stores) => void

/** What each command does that counts anywhere in the window: from the menu, the palette, or a key. */
const does: Readonly<Record<PlainCommand, Does>> = {
  build: ({ actions }) => void actions.start(),
  pause: ({ actions }) => void actions.act({ kind: 'pause' }),
  resume: ({ actions }) => void actions.act({ kind: 'resume' }),
  stop: (stores) => {
    if (doHold(stores, commands.stop.when)) void stores.actions.act({ kind: 'cancel' })
  },
  'rerun-failed': ({ actions, runs }) =>
    void actions.rerun(failedTargets(runs.run()), { builds: 'failed' }),
  'build-left': ({ actions, runs }) =>
    void actions.rerun(leftBuilds(runs.run()).boards, { builds: 'left' }),
  'find-commit': (stores) => askToFindCommit(stores, cellInFocus(stores)),
  newest: ({ runs }) => void runs.showCurrent(),
  'save-report': (stores) => {
    const { runId } = stores.runs.store.getState()
    if (doHold(stores, commands['save-report'].when))
      stores.view.openDialog({ name: 'save-report', runId })
  },
  'save-run': (stores) => {
    const { runId } = stores.runs.store.getState()
    if (doHold(stores, commands['save-run'].when))
      stores.view.openDialog({ name: 'save-run', runId })
  },
  'open-run': (stores) => void openRunFile(stores),
  'open-tree': ({ launch }) => void launch.chooseFolder(),
  'show-plan': showTab('plan'),
  'show-grid': showTab('grid'),
  'show-timeline': showTab('timeline'),
  'show-boards': showTab('boards'),
  'show-summary': showTab('summary'),
  'find-line': ({ view }) => view.change({ tab: 'summary', lineWanted: true }),
  'show-history': showTab('history'),
  'show-terminals': showTab('terminals'),
  'show-bisect': showTab('bisect'),
  'hide-launch': ({ view }) => view.change({ launchOpen: false }),
  'show-launch': ({ view }) => view.change({ launchOpen: true }),
  'hide-machines': ({ view }) => view.change({ machinesOpen: false }),
  'show-machines': ({ view }) => view.change({ machinesOpen: true }),
  'new-terminal': (stores) => {
    const { dir, tree } = stores.launch.store.getState()
    stores.view.change({ tab: 'terminals' })
    if (tree.status === 'ready') void stores.terminals.open({ kind: 'tree', dir })
  },
  probe: ({ machines, providers }) => {
    void machines.probe()
    void providers.describe()
  },
  'add-machine': ({ view }) => view.openDialog({ name: 'machine', machine: '' }),
  'fetch-compilers': ({ view }) => view.openDialog({ name: 'fetch-compilers' }),
  'compare-machines': ({ view }) => view.openDialog({ name: 'compare-machines', build: null }),
  'kill-workers': ({ view }) => view.openDialog({ name: 'stale-workers' }),
  settings: ({ view }) => view.openDialog({ name: 'settings' }),
  'theme-light': ({ settings }) => void settings.change({ theme: 'light' }),
  'theme-dark': ({ settings }) => void settings.change({ theme: 'dark' }),
  'theme-system': ({ settings }) => void settings.change({ theme: 'system' }),
  palette: ({ view }) => view.openDialog({ name: 'palette' }),
  help: ({ view }) => view.openDialog({ name: 'help' }),
  'report-problem': ({ view }) => view.openDialog({ name: 'report-problem' }),
  about: ({ view }) => view.openDialog({ name: 'about' }),
  escape: ({ view }) => view.escape(),
}

/** The same of those that there is one of for each machine. */
const doesWith: Readonly<Record<MachineCommand, (stores: Stores, machine: string) => void>> = {
  'terminal-on': ({ terminals, view }, machine) => {
    view.change({ tab: 'terminals' })
    void terminals.open({ kind: 'machine', machine })
  },
  'show-alone': ({ view }, machine) => view.toggleSolo(machine),
}

export function runWindowCommand(stores: Stores, id: PlainCommand): void {
  does[id](stores)
}

/** @param machine its name */
export function runMachineCommand(stores: Stores, id: MachineCommand, machine: string): void {
  doesWith[id](stores, machine)
}

/**
 * The command of a key that the page itself has to act on, or null: the first key of a menu's entry is
 * the menu's, and what is typed into a field is text.
 */
export function windowCommandOfKey(
  press: KeyPress,
  target: EventTarget | null,
): PlainCommand | null {
  const found = commandOfKey('anywhere', press)
  // No key says which machine is meant.
  if (!found || isMachineCommand(found.id)) return null
  const { id, which } = found
  const inMenu = (menuCommands as readonly string[]).includes(id)
  if (inMenu && which === 0) return null
  if (!(target instanceof Element)) return id
  if (id === 'escape' && target.closest('dialog, [popover], .menu, .terminal-view')) return null
  const isText = !press.ctrlKey && !press.metaKey && !press.altKey
  return isText && takesText(target) ? null : id
}

/** Fields in which keys are letters; radio buttons and switches are none. */
function takesText(target: Element): boolean {
  const field = target.closest('input, textarea, select, .xterm')
  if (!(field instanceof HTMLInputElement)) return field !== null
  return !['radio', 'checkbox', 'range', 'button', 'color'].includes(field.type)
}

function showTab(tab: TabId): Does {
  return ({ view }) => view.change({ tab })
}

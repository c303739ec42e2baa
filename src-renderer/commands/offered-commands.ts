import { LOCAL } from '../../src-core/model.ts'
import { commandInfo } from '../../src-preload/commands.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import type { Stores } from '../state/stores.ts'
import { machineTitle } from '../words.ts'
import { doHold } from './conditions.ts'
import { runWindowCommand, type WindowCommand, windowCommands } from './window-commands.ts'

/** Something that a person can ask for by its name. */
export type Command = {
  readonly id: string
  readonly title: string
  /** As `keyText` shows it; empty without a key. */
  readonly keys: string
  readonly run: () => void
}

/** What can be done now, in the order of the registry. */
export function commandsOf(stores: Stores): readonly Command[] {
  return windowCommands.flatMap((id) => {
    const { isUnlisted, when, each } = commandInfo(id)
    if (isUnlisted || !doHold(stores, when)) return []
    return each
      ? machinesFor(stores, each).map((name) => forMachine(stores, id, name))
      : [plain(stores, id)]
  })
}

function plain(stores: Stores, id: WindowCommand): Command {
  const { title } = commandInfo(id)
  return { id, title, keys: keyText(id), run: () => runWindowCommand(stores, id) }
}

function forMachine(stores: Stores, id: WindowCommand, machine: string): Command {
  const title = commandInfo(id).title.replace('{machine}', () => machineTitle(machine))
  return {
    id: `${id} ${machine}`,
    title,
    keys: '',
    run: () => runWindowCommand(stores, id, machine),
  }
}

function machinesFor(
  { machines }: Stores,
  each: 'machine' | 'machine reached by SSH',
): readonly string[] {
  const names = machines.store.getState().machines.map(({ config }) => config.name)
  return each === 'machine' ? names : names.filter((name) => name !== LOCAL)
}

/** The boards of the run that is shown: each opens its build at the last commit. */
export function boardCommands({ runs, view }: Stores): readonly Command[] {
  const run = runs.run()
  const commits = run.commits.length
  return run.boards.map(({ target }, board) => ({
    id: `board-${target}`,
    title: target,
    keys: '',
    run: () => view.openLog(board * commits + commits - 1),
  }))
}

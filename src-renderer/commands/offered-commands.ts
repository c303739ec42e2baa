import { LOCAL } from '../../src-core/model.ts'
import {
  commandInfo,
  commands,
  isMachineCommand,
  type MachineCommand,
} from '../../src-preload/commands.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import type { Stores } from '../state/stores.ts'
import { commandTitle } from '../words.ts'
import { doHold } from './conditions.ts'
import { runMachineCommand, runWindowCommand, windowCommands } from './window-commands.ts'

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
    const { isUnlisted, when, title } = commandInfo(id)
    if (isUnlisted || !doHold(stores, when)) return []
    if (isMachineCommand(id)) return forMachines(stores, id)
    return [{ id, title, keys: keyText(id), run: () => runWindowCommand(stores, id) }]
  })
}

function forMachines(stores: Stores, id: MachineCommand): readonly Command[] {
  const names = stores.machines.store.getState().machines.map(({ config }) => config.name)
  const meant = commands[id].each === 'machine' ? names : names.filter((name) => name !== LOCAL)
  return meant.map((name) => ({
    id: `${id} ${name}`,
    title: commandTitle(id, name),
    keys: '',
    run: () => runMachineCommand(stores, id, name),
  }))
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

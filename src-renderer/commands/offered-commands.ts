import { type Board, LOCAL } from '../../src-core/model.ts'
import {
  commandInfo,
  commands,
  isMachineCommand,
  type MachineCommand,
} from '../../src-preload/commands.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import { type BoardWishes, noWishes, toggleWithin } from '../state/launch/board-choice.ts'
import { wishesOf } from '../state/launch/named-selections.ts'
import type { Stores } from '../state/stores.ts'
import { commandTitle } from '../words.ts'
import { doHold } from './conditions.ts'
import { ranked } from './fuzzy.ts'
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

/** Boards of each kind that are offered for a search. */
const mostBoards = 5

/** Of the boards of the run that is shown those that are meant: each opens its build at the last commit. */
export function boardCommands({ runs, view }: Stores, search: string): readonly Command[] {
  const run = runs.run()
  const commits = run.commits.length
  return meant(search, run.boards).map(({ target }) => ({
    id: `board-${target}`,
    title: target,
    keys: '',
    run: () => view.openLog((run.boardIndex.get(target) ?? 0) * commits + commits - 1),
  }))
}

/** Of the boards of the open tree, and the selections that a person has kept, those that are meant. */
export function choiceCommands(stores: Stores, search: string): readonly Command[] {
  const { boards } = stores.launch.store.getState()
  if (boards.status !== 'ready') return []
  const selections = stores.settings.store.getState().settings?.selections ?? []
  const kept =
    search.trim() === '' ? [] : ranked(search, selections, ({ name }) => name, mostBoards)
  return [
    ...kept.map((selection) => choice(stores, selection.name, wishesOf(selection))),
    ...meant(search, boards.value.boards).map(({ target }) =>
      choice(stores, target, { ...noWishes, within: toggleWithin(null, target, [target]) }),
    ),
  ]
}

function choice({ launch, view }: Stores, name: string, wishes: BoardWishes): Command {
  return {
    id: `choose-${name}`,
    title: `Choose ${name} to build`,
    keys: '',
    run: () => {
      launch.choose(wishes)
      view.change({ launchOpen: true, tab: 'plan' })
    },
  }
}

function meant<B extends Pick<Board, 'target'>>(
  search: string,
  boards: readonly B[],
): readonly B[] {
  return search.trim() === '' ? [] : ranked(search, boards, ({ target }) => target, mostBoards)
}

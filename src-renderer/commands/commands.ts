import { LOCAL } from '../../src-core/model.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import { failedTargets } from '../state/grid/grid-model.ts'
import type { Stores } from '../state/stores.ts'
import { tabs } from '../state/tabs.ts'
import { machineTitle } from '../words.ts'
import { tabCommands } from './window-commands.ts'

/** Something that a person can ask for by its name. */
export type Command = {
  readonly id: string
  readonly title: string
  /** As `keyText` shows it. */
  readonly keys?: string
  readonly run: () => void
}

/** What can be done now, in the order of how often one wants it. */
export function commandsOf(stores: Stores): readonly Command[] {
  return [
    ...runCommands(stores),
    ...viewCommands(stores),
    ...terminalCommands(stores),
    ...machineCommands(stores),
    ...windowCommands(stores),
  ]
}

function runCommands({ actions, runs, launch }: Stores): readonly Command[] {
  const { status, paused, counts, pinned } = runs.store.getState()
  const live = status === 'running' && !pinned
  return [
    ...(live
      ? [
          {
            id: 'pause',
            title: paused ? 'Go on with the run' : 'Pause the run',
            run: () => void actions.act({ kind: paused ? 'resume' : 'pause' }),
          },
          {
            id: 'stop',
            title: 'Stop the run',
            keys: keyText('stop'),
            run: () => void actions.act({ kind: 'cancel' }),
          },
        ]
      : [{ id: 'build', title: 'Build', keys: keyText('build'), run: () => void actions.start() }]),
    ...(status === 'finished' && counts.failed > 0
      ? [
          {
            id: 'rerun-failed',
            title: 'Build the failed boards again',
            run: () => void actions.rerun(failedTargets(runs.run())),
          },
        ]
      : []),
    ...(pinned
      ? [{ id: 'newest', title: 'Back to the newest run', run: () => void runs.showCurrent() }]
      : []),
    {
      id: 'open-tree',
      title: 'Open a tree',
      keys: keyText('open-tree'),
      run: () => void launch.chooseFolder(),
    },
  ]
}

function viewCommands({ view }: Stores): readonly Command[] {
  const { launchOpen, machinesOpen } = view.store.getState()
  return [
    ...tabs.map(({ id, title }, index) => ({
      id: `view-${id}`,
      title: `Show: ${title}`,
      keys: keyText(tabCommands[index] ?? 'tab-1'),
      run: () => view.change({ tab: id }),
    })),
    {
      id: 'launch-panel',
      title: launchOpen ? 'Hide what to build' : 'Show what to build',
      run: () => view.change({ launchOpen: !launchOpen }),
    },
    {
      id: 'machines-panel',
      title: machinesOpen ? 'Hide the machines' : 'Show the machines',
      run: () => view.change({ machinesOpen: !machinesOpen }),
    },
  ]
}

function terminalCommands({ terminals, launch, machines, view }: Stores): readonly Command[] {
  const { dir, tree } = launch.store.getState()
  const open = (place: Parameters<typeof terminals.open>[0]) => {
    view.change({ tab: 'terminals' })
    void terminals.open(place)
  }
  return [
    ...(tree.status === 'ready'
      ? [
          {
            id: 'terminal-tree',
            title: 'New terminal in the tree',
            keys: keyText('new-terminal'),
            run: () => open({ kind: 'tree', dir }),
          },
        ]
      : []),
    ...machineNames(machines)
      .filter((name) => name !== LOCAL)
      .map((name) => ({
        id: `terminal-${name}`,
        title: `New terminal on ${name}`,
        run: () => open({ kind: 'machine', machine: name }),
      })),
  ]
}

function machineCommands({ machines, view }: Stores): readonly Command[] {
  return [
    ...machineNames(machines).map((name) => ({
      id: `solo-${name}`,
      title: `Show ${machineTitle(name)} alone`,
      run: () => view.toggleSolo(name),
    })),
    { id: 'probe', title: 'Probe all machines again', run: () => void machines.probe() },
    {
      id: 'add-machine',
      title: 'Add a machine',
      run: () => view.openDialog({ name: 'machine', machine: '' }),
    },
    {
      id: 'kill-workers',
      title: 'Kill stale workers',
      run: () => view.openDialog({ name: 'stale-workers' }),
    },
  ]
}

function windowCommands({ settings, view }: Stores): readonly Command[] {
  const theme = (name: 'system' | 'light' | 'dark') => () => void settings.change({ theme: name })
  return [
    {
      id: 'settings',
      title: 'Settings',
      keys: keyText('settings'),
      run: () => view.openDialog({ name: 'settings' }),
    },
    { id: 'theme-light', title: 'Light theme', run: theme('light') },
    { id: 'theme-dark', title: 'Dark theme', run: theme('dark') },
    { id: 'theme-system', title: "The system's theme", run: theme('system') },
    {
      id: 'help',
      title: 'Keyboard help',
      keys: keyText('help'),
      run: () => view.openDialog({ name: 'help' }),
    },
    { id: 'about', title: 'About Slipway', run: () => view.openDialog({ name: 'about' }) },
  ]
}

function machineNames(machines: Stores['machines']): readonly string[] {
  return machines.store.getState().machines.map(({ config }) => config.name)
}

/** The boards of the run that is shown: each opens its build at the last commit. */
export function boardCommands({ runs, view }: Stores): readonly Command[] {
  const run = runs.run()
  const commits = run.commits.length
  return run.boards.map(({ target }, board) => ({
    id: `board-${target}`,
    title: target,
    run: () => view.openLog(board * commits + commits - 1),
  }))
}

import { LOCAL, lastKnownState, type MachineStatus } from '../../src-core/model.ts'
import { giverOf } from '../../src-core/provider.ts'
import type { MachineRun } from '../../src-core/run/run-state.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { Stores } from './stores.ts'

/** What the settings say of who is to build next. */
export type WantedRun = Pick<AppSettings, 'distribute' | 'useMachines' | 'noLocal'>

/** Whether a machine is to build in the next run; one that is had for a time is in whatever asks for it. */
export function isInNextRun(
  { distribute, useMachines, noLocal }: WantedRun,
  name: string,
): boolean {
  if (giverOf(name) !== '') return true
  if (name === LOCAL) return !noLocal
  return distribute && (useMachines.length === 0 || useMachines.includes(name))
}

type Known = {
  readonly name: string
  readonly status: MachineStatus | null
  readonly part: MachineRun | null
}

/** It builds nothing, and nobody knows when it would. */
export function isSilent({ status, part }: Omit<Known, 'name'>, live: boolean): boolean {
  return status !== null && lastKnownState(status) === 'unavailable' && !(live && part !== null)
}

/**
 * Who stands first: machines that build in the run that goes on, or would in the next one; then those that
 * could; then those that do not answer. One that is lost has its part in the run, and stays in its place.
 */
function machineRank(machine: Known, live: boolean, next: WantedRun | null): number {
  const { name, status, part } = machine
  if (live && part) return part.phase === 'left out' ? 1 : 0
  if (status === null || isSilent(machine, live)) return 2
  return live || (next !== null && !isInNextRun(next, name)) ? 1 : 0
}

/**
 * Who gave machines, in the order in which the panel groups them: nobody (the empty name), the providers
 * of the configuration, and those that only a run of before knows.
 */
export function giversIn(
  machines: readonly string[],
  providers: readonly { readonly name: string }[],
): readonly string[] {
  return [...new Set(['', ...providers.map(({ name }) => name), ...machines.map(giverOf)])]
}

/** The machines in the order of their panel, which is that of the keys 1 to 9. */
function machineOrder({
  runs,
  machines,
  providers,
  settings,
}: Pick<Stores, 'runs' | 'machines' | 'providers' | 'settings'>): readonly string[] {
  const live = runs.store.getState().status === 'running'
  const next = settings.store.getState().settings
  const parts = new Map(runs.run().machines.map((part) => [part.name, part]))
  const states = new Map(
    machines.store.getState().machines.map((status) => [status.config.name, status]),
  )
  const all = [...new Set([...states.keys(), ...parts.keys()])].map((name) => ({
    name,
    status: states.get(name) ?? null,
    part: parts.get(name) ?? null,
  }))
  const names = all.map(({ name }) => name)
  return giversIn(names, providers.store.getState().providers).flatMap((giver) =>
    inOrder(
      all.filter(({ name }) => giverOf(name) === giver),
      live,
      next,
    ).map(({ name }) => name),
  )
}

/** Machines of one giver as they stand below each other; of a rank they keep their order. */
export function inOrder<Row extends Known>(
  rows: readonly Row[],
  live: boolean,
  next: WantedRun | null,
): readonly Row[] {
  return [...rows].sort((a, b) => machineRank(a, live, next) - machineRank(b, live, next))
}

/** Shows the machine of a key alone, or all of them again. */
export function soloByNumber(
  stores: Pick<Stores, 'runs' | 'machines' | 'providers' | 'settings' | 'view'>,
  number: number,
): void {
  const name = machineOrder(stores)[number - 1]
  if (name !== undefined) stores.view.toggleSolo(name)
}

import type { Stores } from './stores.ts'

/**
 * The machines in the order of their panel, which is that of the keys 1 to 9: as configured, then those
 * that only the run knows.
 */
function machineOrder({ runs, machines }: Pick<Stores, 'runs' | 'machines'>): readonly string[] {
  const configured = machines.store.getState().machines.map(({ config }) => config.name)
  const inRun = runs.run().machines.map(({ name }) => name)
  return [...new Set([...configured, ...inRun])]
}

/** Shows the machine of a key alone, or all of them again. */
export function soloByNumber(
  stores: Pick<Stores, 'runs' | 'machines' | 'view'>,
  number: number,
): void {
  const name = machineOrder(stores)[number - 1]
  if (name !== undefined) stores.view.toggleSolo(name)
}

import { type MachineRun, newMachineRun } from './run-state.ts'

/** A machine's part in a run: ready, and idle unless `fields` say otherwise. */
export function testMachineRun(name: string, fields: Partial<MachineRun> = {}): MachineRun {
  return { ...newMachineRun(name, 5), phase: 'ready', slots: 4, ...fields }
}

import { defaultThresholds, type MachineConfig } from '../../src-core/model.ts'
import type { ListedMachine } from '../../src-preload/contract.ts'

export function testMachine(name: string): ListedMachine {
  const config: MachineConfig = {
    name,
    host: name,
    maxBoards: 0,
    transport: 'ssh2',
    buildmanPath: '',
    ifBusy: 'wait',
    thresholds: defaultThresholds,
  }
  return {
    config,
    state: 'available',
    reason: '',
    facts: null,
    toolchains: [],
    leftOut: [],
    notes: [],
    slots: 4,
    probedAt: 0,
    hue: 2,
  }
}

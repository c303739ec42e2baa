import { defaultThresholds, type MachineConfig, type MachineStatus } from './model.ts'

/** A machine for tests, as `~/.buildman` has it that says nothing but its name. */
export function testConfig(name: string, change: Partial<MachineConfig> = {}): MachineConfig {
  return {
    name,
    host: name,
    maxBoards: 0,
    transport: 'ssh2',
    command: '',
    buildmanPath: '',
    ifBusy: 'wait',
    thresholds: defaultThresholds,
    ...change,
  }
}

/** The same, available, without facts or compilers. */
export function testStatus(name: string, change: Partial<MachineStatus> = {}): MachineStatus {
  return {
    config: testConfig(name),
    state: 'available',
    reason: '',
    facts: null,
    toolchains: [],
    leftOut: [],
    notes: [],
    slots: 4,
    probedAt: 0,
    ...change,
  }
}

import { defaultThresholds, type MachineConfig } from '../../src-core/model.ts'
import { givenName } from '../../src-core/provider.ts'

/** It is ours for as long as we have it: however busy it is, it is so with our own builds. */
const noLoadLimit = 1000

/** A machine of `provider`, which is reached by what `how` says. */
export function givenMachine(
  provider: string,
  name: string,
  how: Pick<MachineConfig, 'host' | 'command' | 'via'>,
): MachineConfig {
  return {
    ...how,
    name: givenName(provider, name),
    maxBoards: 0,
    transport: 'ssh2',
    buildmanPath: '',
    ifBusy: 'wait',
    thresholds: { ...defaultThresholds, maxLoadPerCore: noLoadLimit },
  }
}

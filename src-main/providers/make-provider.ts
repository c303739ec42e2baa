import { LOCAL } from '../../src-core/model.ts'
import type { ProviderConfig } from '../../src-core/provider.ts'
import type { Transport } from '../machines/transport/transport.ts'
import { commandsProvider } from './commands/commands-provider.ts'
import type { Provider } from './provider.ts'
import { slurmProvider } from './slurm/slurm-provider.ts'

/** `connect`: the shared way to a machine of the fleet, and to this computer. */
export function makeProvider(
  provider: ProviderConfig,
  { connect }: { readonly connect: (machine: string) => Promise<Transport> },
): Provider {
  return provider.kind === 'commands'
    ? commandsProvider(provider)
    : slurmProvider({ provider, connect: () => connect(provider.loginNode || LOCAL) })
}

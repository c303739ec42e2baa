import { fail, ok, type Result } from '../../src-core/result.ts'
import type { ListedProvider } from '../../src-preload/contract.ts'
import type { Provider } from '../providers/provider.ts'
import type { Handlers } from './request-router.ts'
import type { WindowBoss } from './window-boss.ts'

type ProviderRequest = 'providers:list' | 'providers:describe'

/** Longest that a provider is listened to, milliseconds: its own limits end sooner. */
const describeLimitMs = 600_000

/** Answers about what gives machines for a time. */
export function providerHandlers(windowBoss: WindowBoss): Handlers<ProviderRequest> {
  /** As the configuration was last read: `machines:list` and every plan read it anew. */
  const providers = async (): Promise<Result<readonly Provider[]>> => {
    const boss = windowBoss.boss()
    const read = boss.fleet.configIfRead() === null ? await boss.fleet.reload() : null
    return read?.ok === false ? read : ok(boss.providers())
  }
  return {
    'providers:list': async () => {
      const all = await providers()
      return all.ok ? ok(all.value.map(listedProvider)) : all
    },
    'providers:describe': async ({ name }) => {
      const all = await providers()
      if (!all.ok) return all
      const provider = all.value.find(({ config }) => config.name === name)
      if (!provider) return fail(`There is no [provider:${name}] any more`)
      return provider.describe(AbortSignal.timeout(describeLimitMs))
    },
  }
}

function listedProvider({ config }: Provider): ListedProvider {
  const { name, kind, nodes } = config
  return { name, kind, nodes, loginNode: config.kind === 'slurm' ? config.loginNode : '' }
}

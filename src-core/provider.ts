/** Machines that are had for a time: what `[provider:NAME]` says, and what a person asks of it. */

/** What gives machines and takes them back. */
export type ProviderConfig = SlurmProvider | CommandsProvider

type ProviderBasics = {
  /** Display name, lower case; no machine's. */
  readonly name: string
  /** Machines at most, of one run. */
  readonly nodes: number
  /** Minutes after which a request that brought nothing is withdrawn. */
  readonly waitMinutes: number
}

/** A Slurm cluster. Empty strings stand for what the cluster does by itself. */
export type SlurmProvider = ProviderBasics & {
  readonly kind: 'slurm'
  /** Name of the machine that is its login node; empty where this computer is. */
  readonly loginNode: string
  readonly partition: string
  readonly account: string
  readonly constraint: string
  /** Of one allocation; 0 for the partition's own limit. */
  readonly minutes: number
  /** More options of `salloc`, as a shell would split them. */
  readonly options: string
}

/** Three commands of the person's on this computer; what they owe is in docs/providers.md. */
export type CommandsProvider = ProviderBasics & {
  readonly kind: 'commands'
  readonly list: string
  readonly acquire: string
  readonly release: string
  /** Seconds in which each of them must end. */
  readonly limitSeconds: number
}

/** What a run is to have of a provider. */
export type ProviderWish = {
  readonly name: string
  /** Machines at most; 0 for as many as the provider's own limit says. */
  readonly nodes: number
}

/** More than any run has had use for. */
export const mostNodes = 200

/** `NAME` or `NAME:NODES`; null where that is no wish, whoever `NAME` is. */
export function parseWish(text: string): ProviderWish | null {
  const [, name = '', digits] = /^([^:]+)(?::(\d{1,3}))?$/.exec(text.trim().toLowerCase()) ?? []
  const nodes = Number(digits ?? 0)
  const isGood = name !== '' && nodes <= mostNodes && (digits === undefined || nodes > 0)
  return isGood ? { name, nodes } : null
}

/** What a person named as machines: those, and wishes of the providers that are known. */
export function splitWishes(
  names: readonly string[],
  providers: readonly Pick<ProviderConfig, 'name'>[],
): { readonly machines: readonly string[]; readonly providers: readonly ProviderWish[] } {
  const known = new Set(providers.map(({ name }) => name))
  const wishes = names.map(parseWish)
  return {
    machines: names.filter((_, index) => !known.has(wishes[index]?.name ?? '')),
    providers: wishes.filter((wish): wish is ProviderWish => wish !== null && known.has(wish.name)),
  }
}

/** The name of a machine that a provider gave: no machine of `[machines]` can be called so. */
export function givenName(provider: string, node: string): string {
  return `${provider}:${node}`
}

/** Who gave a machine of this name; empty where nobody did: `[machines]` names it, or it is this computer. */
export function giverOf(machine: string): string {
  return machine.slice(0, Math.max(0, machine.indexOf(':')))
}

/** Machines that a wish comes to: a person may ask for fewer than the configuration allows, not for more. */
export function nodesOf(
  wish: ProviderWish,
  { nodes: most }: Pick<ProviderConfig, 'nodes'>,
): number {
  return Math.min(wish.nodes || most, most)
}

/** Those of the wishes that can be had: of providers that there are, and no more than they may give. */
export function wishesWithin(
  wishes: readonly ProviderWish[],
  providers: readonly Pick<ProviderConfig, 'name' | 'nodes'>[],
): readonly ProviderWish[] {
  return providers.flatMap((provider) => {
    const wish = wishes.find(({ name }) => name === provider.name)
    return wish ? [{ name: wish.name, nodes: nodesOf(wish, provider) }] : []
  })
}

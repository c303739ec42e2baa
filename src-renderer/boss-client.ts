import type { Bridge } from '../src-preload/bridge.ts'
import type { Args, Events, Reply, RequestName } from '../src-preload/contract.ts'

export type BossClient = {
  /**
   * Rejects only for mistakes in the program (an argument the contract forbids, a handler that
   * threw): expected failures are part of the reply.
   */
  readonly request: <N extends RequestName>(name: N, args: Args<N>) => Promise<Reply<N>>
  /** Hears one event; returns the call that stops it. */
  readonly on: <E extends keyof Events>(
    name: E,
    listener: (payload: Events[E]) => void,
  ) => () => void
  /** Path on disk of something dropped on the window; empty if it has none. */
  readonly pathOf: (file: File) => string
}

/** Gives the bridge, which carries anything, the types of the contract. */
export function createBossClient({ invoke, subscribe, pathOf }: Bridge): BossClient {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  subscribe((name, payload) => {
    // The boss's emit and our on are typed by the same Events.
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  })
  return {
    pathOf,
    request: async <N extends RequestName>(name: N, args: Args<N>) => {
      const envelope = await invoke(name, args)
      if (!envelope.ok) throw new Error(envelope.error)
      return envelope.reply as Reply<N>
    },
    on: (name, listener) => {
      const own = listeners.get(name) ?? new Set()
      listeners.set(name, own.add(listener))
      return () => own.delete(listener)
    },
  }
}

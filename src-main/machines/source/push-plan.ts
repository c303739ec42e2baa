import type { RefChange } from './receive-pack.ts'

/** A commit that the machine has from an earlier push. */
export type HeldCommit = {
  readonly hash: string
  readonly ref: string
  /** Seconds since 1970; null if this computer does not have the commit any more. */
  readonly date: number | null
}

export type PushPlan = {
  /** Commits to send, each with its tree and without its history. */
  readonly send: readonly string[]
  /** Commits on both sides, so that only what differs from them travels. */
  readonly known: readonly string[]
  readonly changes: readonly RefChange[]
}

/** Old pushes that are kept for later ones to differ from. */
const keptRefs = 30

export function refOf(hash: string): string {
  return `refs/slipway/${hash}`
}

/** Decides what to send, and which refs of earlier pushes are of no use any more. */
export function planPush(wanted: readonly string[], held: readonly HeldCommit[]): PushPlan {
  const there = new Set(held.map(({ hash }) => hash))
  const send = [...new Set(wanted)].filter((hash) => !there.has(hash))
  const useful = held.filter(({ date }) => date !== null)
  const others = held.filter(({ hash }) => !wanted.includes(hash))
  const newestFirst = others.toSorted((a, b) => (b.date ?? 0) - (a.date ?? 0))
  const stale = newestFirst.filter(({ date }, index) => date === null || index >= keptRefs)
  return {
    send,
    known: useful.map(({ hash }) => hash),
    changes: [
      ...send.map((hash): RefChange => ({ kind: 'create', ref: refOf(hash), hash })),
      ...stale.map(({ ref, hash }): RefChange => ({ kind: 'delete', ref, hash })),
    ],
  }
}

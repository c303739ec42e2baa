import type { MachineConfig } from '../../src-core/model.ts'
import type { ProviderConfig } from '../../src-core/provider.ts'
import type { Result } from '../../src-core/result.ts'
import type { Fleet } from '../machines/fleet.ts'

/** Gives machines for a time, and takes them back. */
export type Provider = {
  readonly config: ProviderConfig
  /** What it has to give, as a sentence part. */
  describe(signal: AbortSignal): Promise<Result<string>>
  /** Asks for `nodes` machines at most. `tag` is this request's alone, and names it for people. */
  lease(request: LeaseRequest, listeners: LeaseListeners): Lease
  /** Gives back what runs of this computer that are gone have left behind; what it gave back, by name. */
  cleanUp(signal: AbortSignal): Promise<Result<readonly string[]>>
}

/** A provider that a run asks, for so many machines at most; each that comes is lent to the fleet. */
export type AskedProvider = {
  readonly provider: Provider
  readonly nodes: number
  readonly fleet: Pick<Fleet, 'lend' | 'takeBack'>
}

export type LeaseRequest = { readonly nodes: number; readonly tag: string }

/** What a request for machines comes to. Times are milliseconds since 1970; 0 where they are not known. */
export type LeaseListeners = {
  /** It is heard and has its turn later. */
  waits(detail: string, startsAt: number): void
  /** All machines that it gives, as `given`; more than once where their number changes. */
  gives(machines: readonly MachineConfig[], detail: string, endsAt: number): void
  /** Nothing (more) comes of it, and what it gave is of no use any more. `again`: another request may do better. */
  over(reason: string, again: boolean): void
}

/** A request for machines, with what came of it. It lasts until it is over or given back. */
export type Lease = {
  /**
   * Withdraws it, with all that came of it; `listeners` hear nothing any more. Fails where something may
   * be held still, with the command that gives it back.
   */
  giveBack(): Promise<Result<void>>
}

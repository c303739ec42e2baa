/** A search for the commits that broke boards, as a person sees it. Plain data. */
import type { Commit, RunRequest } from '../model.ts'
import type { Finding } from './culprit-stand.ts'
import type { PatchHunk } from './patch-hunks.ts'

/** Whether a run builds for a search, which leaves most of its builds undone. */
export function isForSearch(request: Pick<RunRequest, 'commits'> | null): boolean {
  return request?.commits.kind === 'range' && request.commits.withBase === true
}

/** A build that the search asked for, or found among earlier results. */
export type BisectTest = {
  readonly board: string
  readonly upto: number
  /** What it says; null while it is being built. */
  readonly finding: Finding | null
  /** Empty where it is not known. */
  readonly machine: string
  /** How long the build took; 0 where nothing was built, or it is not known yet. */
  readonly seconds: number
  /** The run that has its log; empty where there is none. */
  readonly runId: string
  /** From an earlier run, or said by a person: nothing was built for it. */
  readonly from: 'this search' | 'an earlier run' | 'a person'
}

/** Boards that are searched for together, and the commits that may have broken them. */
export type BisectPart = {
  readonly boards: readonly string[]
  /** Of the series; empty while it is not known whether the boards are bad at its end. */
  readonly candidates: readonly number[]
  readonly step: 'searching' | 'boards hit' | 'confirming'
}

export type BisectVerdict = {
  /** The first of them was tested for all. */
  readonly boards: readonly string[]
} & (
  | {
      readonly kind: 'culprit'
      readonly commit: Commit
      /** ISO 8601. */
      readonly date: string
      /** On which machines it was built again, in words. */
      readonly proof: string
      /** What the first board complains of; empty where it complains of nothing. */
      readonly problem: string
      readonly hunks: readonly PatchHunk[]
      /** What `git bisect replay` takes. */
      readonly bisectLog: string
    }
  | { readonly kind: 'one of'; readonly commits: readonly Commit[]; readonly bisectLog: string }
  | {
      readonly kind: 'flaky'
      readonly commit: Commit
      readonly bad: number
      readonly built: number
    }
  | { readonly kind: 'good at the end' | 'bad at the start' | 'end unknown' }
)

/** A search without its commits, of which there may be thousands. */
export type BisectProgress = Omit<BisectState, 'commits'>

export type BisectState = {
  /** The run that has its builds. */
  readonly runId: string
  readonly range: string
  /** What is looked for: see `badRuleText`. */
  readonly rule: string
  /** The first is the good end, the last the bad one. */
  readonly commits: readonly Commit[]
  /** `broken off`: the program that did it is gone. */
  readonly phase: 'searching' | 'confirming' | 'over' | 'broken off'
  readonly tests: readonly BisectTest[]
  readonly parts: readonly BisectPart[]
  readonly verdicts: readonly BisectVerdict[]
  /** Why it ended without a verdict; empty otherwise. */
  readonly problem: string
}

/** Whether there is something to go on with. */
export function isUnfinished({ phase, problem }: Pick<BisectState, 'phase' | 'problem'>): boolean {
  return phase !== 'over' || problem !== ''
}

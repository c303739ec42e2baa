/** What is kept of a search for a commit beside the log of its run, which has the commits. Plain data. */
import * as z from 'zod'
import type { RunRequest } from '../model.ts'
import { loggedCommit } from '../run/event-schema.ts'
import { badRule, finding, loggedRequest } from '../schemas.ts'
import type { BadRule } from './bad-rule.ts'
import type { BisectProgress } from './bisect-state.ts'
import type { Finding } from './culprit-stand.ts'

/** What a person says of a commit, for all boards of a search. */
export type CommitMark = { readonly hash: string; readonly finding: Finding }

export type KeptSearch = {
  readonly request: RunRequest
  readonly rule: BadRule
  /** Hashes of the first and the last commit, whatever names they were asked for by. */
  readonly good: string
  readonly bad: string
  readonly marks: readonly CommitMark[]
  readonly progress: BisectProgress
}

const mostTests = 1_000_000
const mostCommits = 100_000
const text = z.string().max(100_000)
const commit = z.number().int().min(0).max(mostCommits)
const boards = z.array(z.string().max(256)).max(20_000)
const hash = z.string().max(128)

const verdict = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('culprit'),
    ...{ boards, commit: loggedCommit, date: text, proof: text, problem: text },
    hunks: z.array(z.object({ file: text, lines: z.array(text).max(10_000) })).max(1000),
    bisectLog: z.string(),
  }),
  z.object({
    kind: z.literal('one of'),
    boards,
    commits: z.array(loggedCommit).max(mostCommits),
    bisectLog: z.string(),
  }),
  z.object({
    kind: z.literal('flaky'),
    ...{ boards, commit: loggedCommit, bad: z.number(), built: z.number() },
  }),
  z.object({ kind: z.enum(['good at the end', 'bad at the start', 'end unknown']), boards }),
])

const progress: z.ZodType<BisectProgress> = z.object({
  runId: z.string().max(128),
  range: text,
  rule: text,
  phase: z.enum(['searching', 'confirming', 'over', 'broken off']),
  tests: z
    .array(
      z.object({
        board: z.string().max(256),
        upto: commit,
        finding: finding.nullable(),
        machine: z.string().max(256),
        seconds: z.number().min(0),
        runId: z.string().max(128),
        from: z.enum(['this search', 'an earlier run', 'a person']),
      }),
    )
    .max(mostTests),
  parts: z
    .array(
      z.object({
        boards,
        candidates: z.array(commit).max(mostCommits),
        step: z.enum(['searching', 'boards hit', 'confirming']),
      }),
    )
    .max(20_000),
  verdicts: z.array(verdict).max(20_000),
  problem: text,
})

export const keptSearch: z.ZodType<KeptSearch> = z.object({
  request: loggedRequest,
  rule: badRule,
  good: hash,
  bad: hash,
  marks: z.array(z.object({ hash, finding })).max(mostCommits),
  progress,
})

import type { Board } from '../../../../src-core/model.ts'
import { type MadeUp, madeUpArchs, madeUpBoards, seededRandom } from './made-up-boards.ts'
import {
  type Ailment,
  codeFailed,
  type Fault,
  machineFailed,
  type SimulatedAttempt,
  type SimulatedMachine,
  type SimulatedOutcome,
  type SimulatedRun,
  simulate,
} from './simulated-fleet.ts'

/** What can be wrong with machines of a fleet; the first machines of it are the sick ones. */
export const sicknesses = [
  'none',
  'make ends at once',
  'some boards',
  'now and then',
  'from a moment on',
  'comes and goes',
  'now and then, from a moment on',
  'slow and sick',
  'hangs, then fails',
  'disk full',
  'small memory',
  'wrong compiler',
  'later commits',
  'crashes, too',
  'two of three, same words',
  'two of four, other words',
  'two small memories',
  'two now and then, same words',
  'all machines',
  'only capable machine',
  'one machine alone',
] as const
export type Sickness = (typeof sicknesses)[number]

/** What is wrong with the code: boards that fail, and how many boards share a cause. */
export type Brokenness = { readonly share: number; readonly perCause: number }

export type SickFleet = {
  readonly sickness: Sickness
  readonly broken: Brokenness
  readonly boards: number
  readonly commits: number
  readonly seed: number
}

export type SickOutcome = {
  /** Builds that a machine failed for its own fault. */
  readonly injected: number
  /** Such failures that were told as the code's, proved on two machines. */
  readonly shown: number
  /** Such failures that were told as believed: only that machine could build the board. */
  readonly believed: number
  /** Builds that the code breaks. */
  readonly realFailures: number
  /** What is wrong with the code: builds that the same thing breaks have one between them. */
  readonly causes: number
  /** Of the builds that it breaks, those without an outcome that says failed. */
  readonly hidden: number
  /** Of them, those that are told as not proved. */
  readonly unproved: number
  readonly builds: number
  /** Attempts beyond one a build. */
  readonly extra: number
  readonly complaints: readonly string[]
  readonly outcome: SimulatedOutcome
}

/** Lives through one run of a fleet that is made up from the seed. */
export function surviveSickness(fleet: SickFleet): SickOutcome {
  const random = seededRandom(fleet.seed)
  const made = madeUpBoards(fleet.boards, random)
  const machines = machinesOf(fleet, random)
  const ailing = ailmentsOf(fleet, machines, made.costOf, random)
  const breaking = breakagesOf(fleet, made.boards, random)
  let injected = 0
  let attempts = 0
  const run: SimulatedRun = {
    ...made,
    commits: fleet.commits,
    machines,
    faults: lossesOf(fleet),
    breaks: (board, upto) => breaking.get(`${board.target} ${upto}`),
    ails: (attempt) => {
      attempts += 1
      const ailment = ailing(attempt)
      if (ailment) injected += 1
      return ailment
    },
  }
  const outcome = simulate(run)
  const accepted = outcome.told.flatMap((told) => (told.type === 'accepted' ? [told] : []))
  const faults = accepted.filter(({ result }) => result.endsWith(machineFailed))
  const failed = new Set(
    accepted
      .filter(({ proof }) => proof !== undefined)
      .map(({ board, upto }) => `${board} ${upto}`),
  )
  const real = [...breaking.keys()]
  const isUnproved = (one: (typeof accepted)[number]) =>
    one.result.endsWith(codeFailed) && one.proof?.kind === 'unproved'
  return {
    injected,
    shown: faults.filter(
      ({ board, upto, proof }) => proof?.kind === 'proved' && !breaking.has(`${board} ${upto}`),
    ).length,
    believed: faults.filter(
      ({ board, upto, proof }) => proof?.kind === 'believed' && !breaking.has(`${board} ${upto}`),
    ).length,
    realFailures: real.length,
    causes: new Set(breaking.values()).size,
    hidden: real.filter((build) => !failed.has(build)).length,
    unproved: accepted.filter(isUnproved).length,
    builds: fleet.boards * fleet.commits,
    extra: attempts - fleet.boards * fleet.commits,
    complaints: outcome.complaints,
    outcome,
  }
}

function machinesOf({ sickness }: SickFleet, random: () => number): SimulatedMachine[] {
  const count = fixedSizes.get(sickness) ?? 3 + Math.floor(random() * 4)
  return Array.from({ length: count }, (_, index) => ({
    name: `m${index}`,
    slots: 1 + Math.floor(random() * 8),
    rate: 0.3 * 5 ** random(),
    archs: new Set(
      sickness === 'only capable machine' && index > 0
        ? madeUpArchs.filter((arch) => arch !== 'aarch64')
        : madeUpArchs,
    ),
    readyAt: Math.floor(random() * 10_000),
    latency: 5,
  }))
}

/** Machines of a fleet whose size says something. */
const fixedSizes: ReadonlyMap<Sickness, number> = new Map([
  ['two of three, same words', 3],
  ['two of four, other words', 4],
  ['one machine alone', 1],
])

/** The sick machine is lost once more and more, and comes back. */
function lossesOf({ sickness }: SickFleet): readonly Fault[] {
  if (sickness !== 'crashes, too') return []
  return [15_000, 60_000].map((at) => ({
    ...{ at, kind: 'crash', machine: 'm0', noticeMs: 2000, backMs: 5000 },
  }))
}

const faultWords = [
  'make: Input/output error',
  'virtual memory exhausted: Cannot allocate memory',
  'gcc: internal compiler error: Segmentation fault signal terminated program cc1',
  'Stale file handle',
  'python: error while loading shared libraries',
]
/** Work of a board that needs much memory: about one board of five, milliseconds. */
const bigWork = 33_000

/** Says of each attempt what its machine does wrong with it. */
function ailmentsOf(
  { sickness }: SickFleet,
  machines: readonly SimulatedMachine[],
  costOf: MadeUp['costOf'],
  random: () => number,
): (attempt: SimulatedAttempt) => Ailment | undefined {
  const words = faultWords[Math.floor(random() * faultWords.length)] ?? ''
  const moment = 20_000 + random() * 60_000
  const chance = 0.02 + random() * 0.4
  const isFirst = ({ machine }: SimulatedAttempt) => machine === machines[0]?.name
  const isSecond = ({ machine }: SimulatedAttempt) => machine === machines[1]?.name
  const isBig = ({ board }: SimulatedAttempt) => costOf(board).first > bigWork
  const outOfMemory = { words: faultWords[1] ?? '', part: 0.9 }
  const atOnce = { words, part: 0.01 }
  switch (sickness) {
    case 'none':
      return () => undefined
    case 'make ends at once':
      return (attempt) => (isFirst(attempt) ? atOnce : undefined)
    case 'some boards':
      return (attempt) =>
        isFirst(attempt) && hash(attempt.board.target) % 5 === 0
          ? { words: `${words} in part ${hash(attempt.board.target) % 3}`, part: 0.6 }
          : undefined
    case 'now and then':
      return (attempt) =>
        isFirst(attempt) && random() < chance ? { words, part: random() } : undefined
    case 'from a moment on':
      return (attempt) => (isFirst(attempt) && attempt.at > moment ? atOnce : undefined)
    case 'comes and goes':
      return (attempt) =>
        isFirst(attempt) && Math.floor(attempt.at / moment) % 2 === 1 ? atOnce : undefined
    case 'now and then, from a moment on':
      return (attempt) =>
        isFirst(attempt) && attempt.at > moment && random() < chance
          ? { words, part: random() }
          : undefined
    case 'hangs, then fails':
      return (attempt) =>
        isFirst(attempt) && random() < chance ? { words: 'Terminated', part: 8 } : undefined
    case 'small memory':
      return (attempt) => (isFirst(attempt) && isBig(attempt) ? outOfMemory : undefined)
    case 'two small memories':
      return (attempt) =>
        (isFirst(attempt) || isSecond(attempt)) && isBig(attempt) ? outOfMemory : undefined
    case 'later commits':
      return (attempt) =>
        isFirst(attempt) && (attempt.upto > 0 || hash(attempt.board.target) % 9 === 0)
          ? { words: 'Clock skew detected', part: 0.2 }
          : undefined
    case 'crashes, too':
      return (attempt) => (isFirst(attempt) && random() < 2 * chance ? atOnce : undefined)
    case 'two of four, other words':
      return (attempt) => {
        if (isFirst(attempt)) return random() < 2 * chance ? atOnce : undefined
        return isSecond(attempt) && attempt.at > moment
          ? { words: 'No space', part: 0.4 }
          : undefined
      }
    case 'two now and then, same words':
      return (attempt) =>
        (isFirst(attempt) || isSecond(attempt)) && attempt.at > moment && random() < chance
          ? { words, part: random() }
          : undefined
    case 'slow and sick':
      return (attempt) => (isFirst(attempt) ? { words, part: 1.5 } : undefined)
    case 'disk full':
      return (attempt) =>
        isFirst(attempt) && attempt.nth > 5 ? { words: 'write error', part: 0.3 } : undefined
    case 'wrong compiler':
      return (attempt) =>
        isFirst(attempt) && attempt.board.arch === 'arm'
          ? { words: "unrecognized option '-mfloat-abi'", part: 0.02 }
          : undefined
    case 'two of three, same words':
      return (attempt) => {
        const sick = attempt.machine !== machines[2]?.name
        const begun = chance < 0.2 ? attempt.at > moment : random() < 4 * chance
        return sick && begun ? atOnce : undefined
      }
    case 'all machines':
      return (attempt) => (chance < 0.2 && attempt.at < moment ? undefined : atOnce)
    case 'only capable machine':
      return (attempt) => (isFirst(attempt) ? atOnce : undefined)
    case 'one machine alone':
      return (attempt) => (attempt.at > moment && random() < chance ? atOnce : undefined)
  }
}

/**
 * By build: the words it fails with everywhere. A series is broken from some commit on: every other
 * cause by its newest one.
 */
function breakagesOf(
  { broken, commits }: SickFleet,
  boards: readonly Board[],
  random: () => number,
): ReadonlyMap<string, string> {
  const failing = boards.filter(() => random() < broken.share)
  const byCause = failing.flatMap((board, index) => {
    const cause = Math.floor(index / broken.perCause)
    const first = cause % 2 === 0 ? commits - 1 : Math.floor(commits / 2)
    const uptos = Array.from({ length: commits - first }, (_, nth) => first + nth)
    return uptos.map((upto) => [`${board.target} ${upto}`, `cause${cause}: undeclared`] as const)
  })
  return new Map(byCause)
}

function hash(text: string): number {
  let value = 7
  for (const letter of text) value = (value * 31 + letter.charCodeAt(0)) % 1_000_003
  return value
}

import type { FailureProof } from '../../../../src-core/build/build-record.ts'
import type { Failure, MachineRecords, Suspicion } from './machine-records.ts'

/**
 * Whether a failure is the code's. A board that failed is built again on another machine until its
 * failure is proved or shown to be a machine's; what was proved once is not checked again.
 * Evidence in, verdict out: no clock, no I/O.
 */
export type Judgement =
  | Stands
  /** Another machine should build it. */
  | { readonly kind: 'check' }
  /** What is under way will tell more. */
  | { readonly kind: 'wait' }

/** The failure stands, as `by` told it. */
export type Stands = {
  readonly kind: 'stands'
  readonly by: Failure
  readonly proof: FailureProof
}

/** Who else could build the board that failed. */
export type Others = {
  /** Machines that could check it now. */
  readonly ready: readonly string[]
  /** More such machines may come in time. */
  readonly mayCome: boolean
  /** Something else is being built, from which more can be learnt. */
  readonly otherWork: boolean
  /** Boards that the machines of the run build at once. */
  readonly places: number
  /** Since the board failed last, milliseconds. */
  readonly waited: number
}

/**
 * So many machines agree beyond any doubt: two of a fleet may well be sick in the same way. The
 * third may have said the same of another board, which costs no build.
 */
const beyondDoubt = 3
/** So long another board may bring the third opinion before this one is built again, milliseconds. */
const patienceMs = 60_000
/** With more boards that fail alike nobody is patient. */
const mostWaiting = 12
/**
 * So many boards failing alike, and so many for each place to build, with nothing well between, say
 * nothing of the code.
 */
const hopelessBoards = 8
const hopelessRounds = 2
/** So few boards failing at the end of a run, with nothing well after, say nothing of the machine. */
const fewBoards = 3

export function judge(suspicion: Suspicion, records: MachineRecords, others: Others): Judgement {
  const { failures } = suspicion
  const { ready, mayCome } = others
  const known = failures.findLast((failure) => records.isProved(failure))
  if (known) return stands(known, 'proved', knownText(known, failures, records))
  const alike = alikeFailures(failures)
  if (alike.length < 2) {
    const words = failures.at(-1)?.words ?? []
    const fresh = ready.filter((machine) => !records.hasSaid(machine, words))
    const hopeless = failures.at(-1)
    if (hopeless && fresh.length === 0 && records.isHopeless(words)) return allFailed(hopeless)
    if (ready.length > 0) return { kind: 'check' }
    return mayCome ? { kind: 'wait' } : byRecord(suspicion, records)
  }
  return ofAlike(suspicion, alike, records, others)
}

/** Several machines failed alike: it is the code, unless all of them may be sick. */
function ofAlike(
  suspicion: Suspicion,
  alike: readonly Failure[],
  records: MachineRecords,
  { ready, mayCome, otherWork, places, waited }: Others,
): Judgement {
  const newest = alike.at(-1) as Failure
  const words = sharedWords(alike)
  // Words that were wrong once are worth nothing of other boards.
  const areWorthless = records.wereWrong(words)
  if (areWorthless || !isBeyondDoubt(alike, words, records)) {
    const asked = areWorthless ? ready : ready.filter((machine) => !records.hasSaid(machine, words))
    const isPatient = waited < patienceMs
    // Sick machines would fail board after board meanwhile.
    const areFew = records.boardsWith(words) <= mostWaiting
    if (otherWork && isPatient && areFew && asked.length > 0 && !areWorthless) {
      return { kind: 'wait' }
    }
    if (asked.length > 0) return { kind: 'check' }
    if (mayCome && isPatient) return { kind: 'wait' }
  }
  if (alike.length < beyondDoubt && isDisputed(suspicion, alike, records)) {
    return byRecord(suspicion, records)
  }
  if (records.hasLifeSign(words, alike[0]?.at ?? 0)) {
    return stands(newest, 'proved', alikeText(alike))
  }
  const boards = records.boardsWith(words)
  if (boards >= Math.max(hopelessBoards, hopelessRounds * places)) return allFailed(newest)
  if (otherWork) return { kind: 'wait' }
  return boards <= fewBoards ? stands(newest, 'proved', alikeText(alike)) : allFailed(newest)
}

/** Whether nobody else need be asked, as far as the words were never wrong. */
function isBeyondDoubt(
  alike: readonly Failure[],
  words: readonly string[],
  records: MachineRecords,
): boolean {
  const sayers = records.sayersOf(words).filter((machine) => !records.onlyFails(machine))
  return Math.max(alike.length, sayers.length) >= beyondDoubt
}

/** A machine that was never at fault said something else of the same build. */
function isDisputed(
  { failures }: Suspicion,
  alike: readonly Failure[],
  records: MachineRecords,
): boolean {
  return failures.some(
    (failure) => !alike.includes(failure) && records.faultsOf(failure.machine) === 0,
  )
}

/** Nobody is left to ask: those that failed are judged by what else they built. */
function byRecord({ failures, arch }: Suspicion, records: MachineRecords): Judgement {
  const sound = failures.findLast((failure) => records.isSound(failure, arch))
  const by = sound ?? (failures.at(-1) as Failure)
  const names = failures.map(({ machine }) => machine)
  if (failures.length > 1) {
    const text = `failed on ${listOf(names)}, and not with the same words`
    return stands(by, sound ? 'believed' : 'unproved', text)
  }
  const only = `only ${by.machine} could build it`
  return sound
    ? stands(by, 'believed', `${only}, which has built others for ${arch} well`)
    : stands(by, 'unproved', `${only}, and ${records.doubtAbout(by, arch)}`)
}

function allFailed(by: Failure): Judgement {
  return stands(by, 'unproved', 'every machine failed alike, and built nothing well since')
}

function stands(by: Failure, kind: FailureProof['kind'], text: string): Judgement {
  return { kind: 'stands', by, proof: { kind, text } }
}

function alikeText(failures: readonly Failure[]): string {
  const names = failures.map(({ machine }) => machine)
  return `failed on ${numbers[names.length] ?? names.length} machines: ${listOf(names)}`
}

function knownText(known: Failure, failures: readonly Failure[], records: MachineRecords): string {
  const own = failures.filter((failure) => sharedWords([known, failure]).length > 0)
  if (own.length > 1) return alikeText(own)
  const others = records.sayersOf(known.words).filter((machine) => machine !== known.machine)
  return `failed on ${known.machine}, as other boards did on ${listOf(others)}`
}

const numbers = ['no', 'one', 'two', 'three', 'four', 'five']

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** The largest set of failures that share a line, oldest first. */
export function alikeFailures(failures: readonly Failure[]): readonly Failure[] {
  let best: readonly Failure[] = []
  for (const line of new Set(failures.flatMap(({ words }) => words))) {
    const sharing = failures.filter(({ words }) => words.includes(line))
    if (sharing.length > best.length) best = sharing
  }
  return best
}

export function sharedWords(failures: readonly Failure[]): readonly string[] {
  const [first, ...rest] = failures
  return (first?.words ?? []).filter((line) => rest.every(({ words }) => words.includes(line)))
}

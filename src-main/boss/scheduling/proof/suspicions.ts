import type { FailureProof } from '../../../../src-core/build/build-record.ts'
import { type Ledger, openWishes, requeue, settle, tellAccepted } from '../ledger.ts'
import type { BoardState, BuildResult, MachineState } from '../scheduler-types.ts'
import { canBuild, takesPart } from '../timeline.ts'
import { alikeFailures, judge, type Others, type Stands, sharedWords } from './failure-proof.ts'
import { type Failure, MachineRecords } from './machine-records.ts'

/** A machine that is away may come back to check a failure within this time, milliseconds. */
const comeBackMs = 60_000

/** A suspicion with what its machines sent. */
type Held<R> = {
  readonly board: BoardState
  readonly upto: number
  readonly results: Map<string, BuildResult<R>>
}

/**
 * The builds of a run that failed and are not yet known to fail for the code's fault. Has them
 * built elsewhere, one for each unlike message, and says when a failure stands.
 */
export class Suspicions<R> {
  readonly records = new MachineRecords()
  private readonly ledger: Ledger<R>
  private readonly held = new Map<string, Held<R>>()

  constructor(ledger: Ledger<R>) {
    this.ledger = ledger
  }

  /** A failed result came. Returns its proof if it stands at once, and that one is to be accepted. */
  add(input: BuildResult<R>, board: BoardState, now: number): FailureProof | undefined {
    const { machine, upto, words = [] } = input
    const held = this.heldOf(board, upto)
    const suspicion = suspicionOf(board, upto, now)
    const failure: Failure = { machine, words, at: now }
    suspicion.failures.push(failure)
    held.results.set(machine, input)
    this.records.bad(failure, suspicion.board)
    const verdict = judge(suspicion, this.records, this.othersFor(held, now))
    if (verdict.kind !== 'stands' || verdict.by !== failure) return undefined
    this.learnFrom(held, verdict, now)
    return verdict.proof
  }

  /** Has this machine failed this build already? */
  hasFailed({ machine, upto }: BuildResult<R>, board: BoardState): boolean {
    return hasFailedOn(board, upto, machine)
  }

  /** A good result came: machines that failed this build are at fault. `isNew`: with another board than before. */
  clear(
    input: BuildResult<R>,
    board: BoardState,
    began: number,
  ): readonly { readonly failure: Failure; readonly isNew: boolean }[] {
    this.records.good(input.machine, board.board.arch, began)
    const failures = board.suspicions.get(input.upto)?.failures ?? []
    const faults = failures.filter(({ machine }) => machine !== input.machine)
    return faults.map((failure) => {
      const isNew = this.records.fault(failure, board.board.target)
      return { failure, isNew }
    })
  }

  /** Looks at all that is open: what stands is told, what should be built elsewhere waits for it. */
  review(now: number): void {
    if (this.held.size > 0) {
      for (const [key, { board, upto }] of this.held) if (board.done[upto]) this.held.delete(key)
      const asked = this.wordsBeingChecked()
      for (const held of this.held.values()) this.reviewOne(held, asked, now)
    }
    this.doubtMachines(now)
  }

  private reviewOne(held: Held<R>, asked: Set<string>, now: number): void {
    const { board, upto } = held
    const suspicion = board.suspicions.get(upto)
    if (!suspicion) return
    const verdict = judge(suspicion, this.records, this.othersFor(held, now))
    if (verdict.kind === 'stands') {
      this.learnFrom(held, verdict, now)
      this.accept(held, verdict.by, verdict.proof, now)
      return
    }
    if (verdict.kind === 'wait' || isUnderWay(board, upto)) return
    const [only, ...more] = suspicion.failures
    const isAsked = only?.words.some((word) => asked.has(word)) ?? false
    if (more.length === 0 && only && isAsked && !this.records.isWrong(only)) return
    const words = suspicion.failures.at(-1)?.words ?? []
    for (const word of words) asked.add(word)
    suspicion.avoid = new Set(this.records.sayersOf(words))
    requeue(this.ledger, board, [upto])
  }

  /** Of boards with the same words, one is enough to ask another machine about. */
  private wordsBeingChecked(): Set<string> {
    const open = [...this.held.values()].filter(({ board, upto }) => {
      const failures = board.suspicions.get(upto)?.failures ?? []
      return isUnderWay(board, upto) || alikeFailures(failures).length > 1
    })
    const failures = open.flatMap(({ board, upto }) => board.suspicions.get(upto)?.failures ?? [])
    return new Set(failures.flatMap(({ words }) => words))
  }

  /** Only the messages of machines that agree with the accepted result are taken for the code's. */
  private learnFrom({ board, upto }: Held<R>, { by, proof }: Stands, now: number): void {
    const failures = board.suspicions.get(upto)?.failures ?? []
    const alike = alikeFailures(failures)
    if (alike.length < 2 || !alike.includes(by)) return
    const words = sharedWords(alike)
    if (proof.kind === 'unproved') this.records.giveUpOn(words, now)
    if (proof.kind !== 'proved' || this.records.isProved(by)) return
    this.records.prove(words, this.boardsHeldWith(words))
  }

  private boardsHeldWith(words: readonly string[]): readonly string[] {
    return [...this.held.values()].flatMap(({ board, upto }) => {
      const failures = board.suspicions.get(upto)?.failures ?? []
      const isAlike = failures.some((failure) => failure.words.some((word) => words.includes(word)))
      return isAlike ? [board.board.target] : []
    })
  }

  private accept(held: Held<R>, by: Failure, proof: FailureProof, now: number): void {
    const { board, upto, results } = held
    const input = results.get(by.machine)
    if (!input) return
    tellAccepted(this.ledger, board, input, proof)
    board.losses = []
    const stop = { why: 'given back', reason: 'its failure was proved meanwhile' } as const
    settle(this.ledger, board, upto, now, undefined, stop)
  }

  private othersFor(held: Held<R>, now: number): Others {
    const { board, upto } = held
    const others = [...this.ledger.machines.values()].filter(
      (machine) =>
        !machine.draining && canBuild(machine, board) && !hasFailedOn(board, upto, machine.name),
    )
    const otherWork = this.hasOtherWork(held)
    const { since = now, failures = [] } = board.suspicions.get(upto) ?? {}
    const ready = others.filter(({ phase }) => phase === 'ready').map(({ name }) => name)
    const mayCome = others.length > ready.length && (otherWork || now - since < comeBackMs)
    const waited = now - (failures.at(-1)?.at ?? now)
    return { ready, mayCome, otherWork, places: this.places(), waited }
  }

  private places(): number {
    const ready = [...this.ledger.machines.values()].filter(({ phase }) => phase === 'ready')
    return ready.reduce((sum, { slots }) => sum + slots, 0)
  }

  private hasOtherWork(held: Held<R>): boolean {
    const open = [...this.held.values()].filter(({ board, upto }) => board.suspicions.has(upto))
    if (openWishes(this.ledger) > open.length) return true
    return open.some((other) => other !== held && isUnderWay(other.board, other.upto))
  }

  /** A machine with too many open failures gets nothing more until they are judged. */
  private doubtMachines(now: number): void {
    const agreed = this.wordsAgreedOn()
    const openOf = new Map<string, Held<R>[]>()
    for (const held of this.held.values()) {
      const [first, ...more] = held.board.suspicions.get(held.upto)?.failures ?? []
      if (!first || more.length > 0 || first.words.some((word) => agreed.has(word))) continue
      openOf.set(first.machine, [...(openOf.get(first.machine) ?? []), held])
    }
    for (const machine of this.ledger.machines.values()) {
      const open = openOf.get(machine.name) ?? []
      const isSuspect = open.length >= this.records.openFailuresAllowed(machine.name, machine.slots)
      const doubted = isSuspect && this.isToBeJudged(open, machine, now)
      if (doubted !== machine.doubted) this.ledger.changed = true
      machine.doubted = doubted
    }
  }

  /** Words that several machines said of one board, while only further results can tell more. */
  private wordsAgreedOn(): ReadonlySet<string> {
    const words = [...this.held.values()].flatMap(({ board, upto }) => {
      const alike = alikeFailures(board.suspicions.get(upto)?.failures ?? [])
      return alike.length > 1 && !isUnderWay(board, upto) ? sharedWords(alike) : []
    })
    return new Set(words)
  }

  /** Whether somebody will judge them soon: one that is there, or prepares and will be. */
  private isToBeJudged(open: readonly Held<R>[], { name }: MachineState, now: number): boolean {
    if (open.some((held) => this.othersFor(held, now).ready.length > 0)) return true
    const prepares = [...this.ledger.machines.values()].some(
      (machine) => takesPart(machine) && machine.phase !== 'ready' && machine.reason === '',
    )
    return prepares && !this.records.hasBuilt(name)
  }

  private heldOf(board: BoardState, upto: number): Held<R> {
    const key = `${board.board.target}\n${upto}`
    const known = this.held.get(key)
    if (known) return known
    const held: Held<R> = { board, upto, results: new Map() }
    this.held.set(key, held)
    return held
  }
}

function suspicionOf(board: BoardState, upto: number, now: number) {
  const known = board.suspicions.get(upto)
  if (known) return known
  const { target, arch } = board.board
  const suspicion = {
    ...{ board: target, arch, failures: [], since: now },
    avoid: new Set<string>(),
  }
  board.suspicions.set(upto, suspicion)
  return suspicion
}

function hasFailedOn(board: BoardState, upto: number, machine: string): boolean {
  const failures = board.suspicions.get(upto)?.failures ?? []
  return failures.some((failure) => failure.machine === machine)
}

/** Somebody builds it, or it waits for somebody to do so. */
function isUnderWay(board: BoardState, upto: number): boolean {
  return board.waiting.includes(upto) || [...board.holders].some(({ pending }) => pending.has(upto))
}

import type { KeptOutput } from '../../../src-core/build/build-record.ts'
import type { Board, Commit } from '../../../src-core/model.ts'
import { notBuilt, outcomeOfRecord } from '../../../src-core/run/outcome-events.ts'
import type { BuildFinished, Note } from '../../../src-core/run/run-events.ts'
import { cellOf, type RunState, startOfAttempt } from '../../../src-core/run/run-state.ts'
import type { BuildResultMessage } from '../../../src-worker/protocol/protocol.ts'
import { messageOf } from '../../error-text.ts'
import { type MadeRecord, makeRecord, withoutToolchain } from '../../results/make-record.ts'
import type { PreparedRun } from '../prepared-run.ts'
import type { Order } from '../scheduling/scheduler-types.ts'
import type { MissingOutputs } from './kept-outputs.ts'
import { complaintOfMachine } from './machine-to-blame.ts'
import type { RunLogLine } from './run-under-way.ts'

type Accepted = Extract<Order<BuildResultMessage>, { type: 'accepted' }>
type NotBuilt = Extract<Order<BuildResultMessage>, { type: 'not-built' }>

export type RunResultsOptions = {
  readonly prepared: PreparedRun
  /** The run's; changes in place. */
  readonly state: RunState
  readonly emit: (event: BuildFinished | Note) => void
  readonly say: (line: RunLogLine) => void
  readonly problem: (machine: string, text: string) => void
  /** Brings home what a build left on its machine. */
  readonly fetchOutput: (
    machine: string,
    board: string,
    commit: Commit,
    announced: readonly KeptOutput[],
  ) => Promise<void>
  /** All that is kept of a build is in its folder, or is known not to come. */
  readonly kept: (board: string, upto: number) => void
}

/** Keeps what came of each build: tells it, and writes it to the output folder while the run goes on. */
export class RunResults {
  private readonly options: RunResultsOptions
  private readonly boards: ReadonlyMap<string, Board>
  private readonly writing = new Set<Promise<void>>()
  private failures = 0
  private lacking = 0
  /** Machines that were told to be wrong. */
  private readonly complainedOf = new Set<string>()

  constructor(options: RunResultsOptions) {
    this.options = options
    this.boards = new Map(options.prepared.boards.map((board) => [board.target, board]))
  }

  /** Results that could not be written, e.g. because the disk is full. */
  get unwritten(): number {
    return this.failures
  }

  /** Builds of which not all outputs could be kept. */
  get incomplete(): number {
    return this.lacking
  }

  /** Settles when everything is written, or could not be. */
  async written(): Promise<void> {
    await Promise.all(this.writing)
  }

  accept({ board: target, upto, machine, slot, ...order }: Accepted): void {
    const { result: message, seconds, first, proof } = order
    const { prepared, emit, say } = this.options
    const board = this.boards.get(target)
    const commit = prepared.commits[upto]
    if (!board || !commit) return
    const made = makeRecord(message, {
      isFirst: first,
      ...(message.as_before !== undefined && { asBefore: message.as_before }),
      proof,
      runId: prepared.runId,
      machine,
      hash: commit.hash,
      settings: prepared.fingerprintOf(target),
      blobs: prepared.blobs.ofBoard.get(target)?.taken ?? [],
      finishedAt: Date.now(),
      seconds: this.secondsSinceStart(target, upto, machine) ?? seconds,
      keepsOutputs: prepared.request.settings.keepOutputs,
      absentFiles: prepared.absentFiles,
    })
    this.keep(made, board, commit)
    if (made.record.asBefore === undefined) prepared.learn(made.record, board)
    emit(outcomeOfRecord(target, upto, made.record, { slot }))
    this.complain(machine, target, upto, message)
    const text = message.stderr
    if (text !== '' && made.record.asBefore === undefined)
      say({ kind: 'complaints', board: target, upto, machine, text })
  }

  /** What makes boards "warnings" on one machine alone is said, once a machine. */
  private complain(machine: string, board: string, upto: number, message: BuildResultMessage) {
    const text = this.complainedOf.has(machine) ? undefined : complaintOfMachine(message)
    if (text === undefined) return
    this.complainedOf.add(machine)
    this.options.emit({ type: 'note', level: 'warning', machine, text, build: { board, upto } })
  }

  /** A missing compiler is kept as buildman keeps it; other reasons are this run's alone. */
  leaveUnbuilt({ board: target, upto, reason }: NotBuilt): void {
    const { prepared, emit } = this.options
    emit(notBuilt(target, upto, reason))
    const board = this.boards.get(target)
    const commit = prepared.commits[upto]
    if (!board || !commit || !reason.startsWith(`no toolchain for ${board.arch}`)) return
    const made = withoutToolchain(board.arch, reason, {
      runId: prepared.runId,
      hash: commit.hash,
      settings: prepared.fingerprintOf(target),
      finishedAt: Date.now(),
    })
    this.write(made, board, commit)
  }

  /** The record says what is not there, so that nobody takes the folder for whole. */
  lackOutputs({ machine, board, commit, count, problems }: MissingOutputs): void {
    const { prepared, emit, problem } = this.options
    this.lacking += 1
    const few = problems.slice(0, 3).join('; ')
    const text = `${count} of the outputs of ${board} could not be kept: ${few}`
    const build = { board, upto: commit.upto }
    emit({ type: 'note', level: 'error', machine, text, build })
    this.track(
      prepared.store
        .addProblems(board, commit, problems)
        .catch((error: unknown) => problem(machine, messageOf(error))),
    )
  }

  /** For workers that do not measure: since the machine was seen to begin. */
  private secondsSinceStart(board: string, upto: number, machine: string): number | null {
    const { state } = this.options
    const since = startOfAttempt(state, cellOf(state, board, upto), machine)
    return since === null ? null : (Date.now() - since) / 1000
  }

  /** Writes a result while the run goes on; what it left on the machine follows. */
  private keep(made: MadeRecord, board: Board, commit: Commit): void {
    const { machine, outputs: announced } = made.record
    const { kept, fetchOutput } = this.options
    const tell = () => kept(board.target, commit.upto)
    this.write(made, board, commit, () => {
      if (announced.length === 0) tell()
      else void fetchOutput(machine, board.target, commit, announced).then(tell)
    })
  }

  private write(made: MadeRecord, board: Board, commit: Commit, then = () => {}): void {
    const { prepared, problem } = this.options
    this.track(
      prepared.store
        .write(board.target, commit, made)
        .then(then)
        .catch((error: unknown) => {
          this.failures += 1
          problem(made.record.machine, messageOf(error))
        }),
    )
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.writing.delete(tracked))
    this.writing.add(tracked)
  }
}

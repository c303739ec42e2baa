import type { FailureProof, LogStream } from '../build/build-record.ts'
import type { Board, BuildState, Commit, ImageSize, Outcome, RunRequest } from '../model.ts'
import { assertNever, buildStates, isBuilt, outcomeIn } from '../model.ts'
import type {
  BuildDropped,
  BuildFinished,
  BuildReopened,
  BuildStarted,
  MachinePhase,
  ProviderChanged,
  ProviderPhase,
  RunEvent,
  RunStarted,
} from './run-events.ts'

/**
 * A run as the replay of its events. Cells live in typed arrays (boards x commits, index
 * `board * commits + upto`), so that 100,000 of them cost nothing to change and can be
 * sent to the window as they are. `applyEvent` changes the state in place: copies that
 * grow with the run cost 10 to 70 ms an event (measured), a typed-array write nothing.
 */
export type RunState = {
  runId: string
  request: RunRequest | null
  outputDir: string
  boards: readonly Board[]
  commits: readonly Commit[]
  startedAt: number
  /** 0 while the run goes on. */
  finishedAt: number
  exitCode: number
  cancelled: boolean
  paused: boolean
  machines: MachineRun[]
  /** What was asked for machines, in the order of the request. */
  providers: ProviderRun[]
  cells: Cells
  /** Builds per state. */
  counts: Record<BuildState, number>
  /** Of those counts, builds whose images lack firmware. */
  noBoot: Record<'ok' | 'warnings', number>
  /** When the newest builds got their outcome, oldest first; at most `paceWindow` of them. */
  recent: number[]
  /** Of those with an outcome, how many had it from an earlier run. */
  previously: number
  /** Of those with an outcome now, how many have another commit's, since it changed nothing of theirs. */
  asBefore: number
  /** Of those built now, how many were configured anew since Kconfig files changed. */
  reconfigured: number
  /** Facts that only some builds have, by cell. */
  details: Map<number, BuildDetail>
  /** By cell: what had come of a build in an earlier run, before it was built again in this one. */
  earlier: Map<number, EarlierOutcome>
  /** By cell: what machines said of builds that failed there and were then checked elsewhere. */
  suspected: Map<number, readonly MachineSaid[]>
  /** Boards (by index) that a person put first. */
  putFirst: number[]
  /** Every attempt, in the order of their start. */
  attempts: Attempt[]
  notes: { at: number; level: 'info' | 'warning' | 'error'; machine: string; text: string }[]
  /** Grows by one per event. */
  version: number
  /** Time of the newest event. */
  now: number
  boardIndex: Map<string, number>
  machineIndex: Map<string, number>
  /** Attempts under way, by cell. */
  open: Map<number, number[]>
}

export type Cells = {
  /** Index into `buildStates`. */
  state: Uint8Array
  /** 1 + index into `machines`; 0 for none. */
  machine: Uint8Array
  /** The machine that lost or failed it, or had built it in an earlier run, likewise. */
  lostBy: Uint8Array
  /** Seconds the finished build took, or when the running one started (ms since the run's start). */
  seconds: Float32Array
  startedMs: Float32Array
  tries: Uint8Array
  /** 1 + upto of the commit whose outcome it has; `ofNoCommit` for one of another run, 0 where it was built. */
  asBefore: Uint16Array
  errors: Uint16Array
  warnings: Uint16Array
  /** Bytes of all parts of the image `u-boot`; 0 if unknown. */
  bytes: Uint32Array
}

export type BuildDetail = {
  reason: string
  firstErrors: readonly string[]
  sizes: readonly ImageSize[]
  returnCode: number
  /** Streams of its log that were cut. */
  truncated: readonly LogStream[]
  /** What of it could not be kept. */
  problems: readonly string[]
  /** Firmware that its images were made without: they do not boot. */
  lacks: readonly string[]
  /** Of a failure that a machine of this run built. */
  proof: FailureProof | null
}

/** `machine` as the cells hold it. */
export type EarlierOutcome = {
  outcome: Outcome
  machine: number
  seconds: number
  errors: number
  warnings: number
}

/** A machine (index into `machines`) that failed a build, and the beginning of what it said. */
export type MachineSaid = { machine: number; words: string }

export type Attempt = {
  cell: number
  machine: number
  slot: number
  from: number
  /** 0 while it is under way. */
  to: number
  end: 'open' | 'won' | BuildDropped['why']
}

export type MachineRun = {
  name: string
  hue: number
  phase: MachinePhase
  detail: string
  progress: { done: number; total: number } | null
  /** When it is tried again, while it is lost; 0 otherwise. */
  nextTryAt: number
  /** It waits until another run is done there. */
  busy: boolean
  slots: number
  /** Its folder for the run; empty before it was ready. */
  workDir: string
  building: number
  done: number
  failed: number
  /** Compiles that it took from the cache of all machines. */
  sharedHits: number
  load1m: number
  memAvailableMb: number
  lastHeard: number
  /** Load over time, oldest first; thinned out where a run is very long. */
  loads: { at: number; load1m: number }[]
}

/** Times are milliseconds since 1970; 0 where they are not known. */
export type ProviderRun = {
  name: string
  phase: ProviderPhase
  detail: string
  startsAt: number
  endsAt: number
}

/** In `asBefore` of the cells: the outcome is that of a commit outside of the run. */
export const ofNoCommit = 65535

/** Finished builds that the pace of a run is read from. */
export const paceWindow = 200

/** Of what a machine said of a build that failed there, characters. */
const mostWords = 400

/** Samples of a machine's load that are kept: more than a screen has columns. */
const mostLoads = 4000

/** Index of a state in `buildStates`, as the cells hold it. */
export const stateCode = Object.fromEntries(
  buildStates.map((state, code) => [state, code]),
) as Record<BuildState, number>

export function emptyRun(): RunState {
  return {
    runId: '',
    request: null,
    outputDir: '',
    boards: [],
    commits: [],
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    cancelled: false,
    paused: false,
    machines: [],
    providers: [],
    cells: makeCells(0),
    counts: Object.fromEntries(buildStates.map((state) => [state, 0])) as RunState['counts'],
    noBoot: { ok: 0, warnings: 0 },
    recent: [],
    previously: 0,
    asBefore: 0,
    reconfigured: 0,
    details: new Map(),
    earlier: new Map(),
    suspected: new Map(),
    putFirst: [],
    attempts: [],
    notes: [],
    version: 0,
    now: 0,
    boardIndex: new Map(),
    machineIndex: new Map(),
    open: new Map(),
  }
}

/**
 * Applies one event and returns the cells that changed. An event that makes no sense here
 * (an unknown board, a second outcome) is ignored, so that a damaged log still opens.
 */
export function applyEvent(run: RunState, event: RunEvent): readonly number[] {
  run.version += 1
  run.now = Math.max(run.now, event.at)
  switch (event.type) {
    case 'run-started':
      return start(run, event, event.at)
    case 'machine-joined':
      joinMachine(run, event.machine, event.hue)
      return []
    case 'machine-changed': {
      const machine = run.machines[run.machineIndex.get(event.machine) ?? -1]
      if (!machine) return []
      machine.phase = event.phase
      machine.detail = event.detail
      machine.progress = event.progress ?? null
      machine.nextTryAt = event.nextTryAt ?? 0
      machine.busy = event.busy ?? false
      if (isAnswering(event.phase)) machine.lastHeard = event.at
      if (event.slots !== undefined) machine.slots = event.slots
      if (event.workDir !== undefined) machine.workDir = event.workDir
      return []
    }
    case 'machine-load': {
      const machine = machineOf(run, event.machine, event.at)
      if (!machine) return []
      const { at, load1m, memAvailableMb } = event
      Object.assign(machine, { load1m, memAvailableMb })
      if (machine.loads.push({ at, load1m }) > mostLoads) {
        machine.loads = machine.loads.filter((_, index) => index % 2 === 0)
      }
      return []
    }
    case 'provider-changed':
      changeProvider(run, event)
      return []
    case 'build-started':
      return startBuild(run, event, event.at)
    case 'build-finished':
      return finishBuild(run, event, event.at)
    case 'build-dropped':
      return dropBuild(run, event, event.at)
    case 'build-reopened':
      return reopenBuild(run, event)
    case 'note':
      run.notes.push({ at: event.at, level: event.level, machine: event.machine, text: event.text })
      return event.build ? addProblem(run, event.build, event.text) : []
    case 'board-put-first':
      return putFirst(run, event.board)
    case 'run-paused':
    case 'run-resumed':
      run.paused = event.type === 'run-paused'
      return []
    case 'run-finished':
      run.finishedAt = event.at
      run.exitCode = event.exitCode
      run.cancelled = event.cancelled
      return []
    default:
      return assertNever(event)
  }
}

/** Cell of a build, or -1 if the run does not have it. */
export function cellOf(run: RunState, board: string, upto: number): number {
  const index = run.boardIndex.get(board)
  return index === undefined || upto < 0 || upto >= run.commits.length
    ? -1
    : index * run.commits.length + upto
}

export function stateOf(run: Pick<RunState, 'cells'>, cell: number): BuildState {
  return buildStates[run.cells.state[cell] ?? 0] ?? 'queued'
}

/** Whether a build waits, and a person put its board before all others. */
export function waitsFirst(run: RunState, cell: number): boolean {
  const board = Math.floor(cell / Math.max(1, run.commits.length))
  return run.putFirst.includes(board) && stateOf(run, cell) === 'queued'
}

/** Builds that have their outcome. */
export function finishedBuilds(run: RunState): number {
  const { ok, warnings, failed } = run.counts
  return ok + warnings + failed + run.counts['not built']
}

function makeCells(n: number): Cells {
  return {
    state: new Uint8Array(n),
    machine: new Uint8Array(n),
    lostBy: new Uint8Array(n),
    seconds: new Float32Array(n),
    startedMs: new Float32Array(n),
    tries: new Uint8Array(n),
    asBefore: new Uint16Array(n),
    errors: new Uint16Array(n),
    warnings: new Uint16Array(n),
    bytes: new Uint32Array(n),
  }
}

function start(run: RunState, event: RunStarted, at: number): readonly number[] {
  const n = event.boards.length * event.commits.length
  Object.assign(run, emptyRun(), {
    runId: event.runId,
    request: event.request,
    outputDir: event.outputDir,
    boards: event.boards,
    commits: event.commits,
    startedAt: at,
    now: at,
    version: run.version,
    cells: makeCells(n),
    boardIndex: new Map(event.boards.map((board, index) => [board.target, index])),
  })
  run.counts.queued = n
  return []
}

function joinMachine(run: RunState, name: string, hue: number): void {
  if (run.machineIndex.has(name)) return
  run.machineIndex.set(name, run.machines.length)
  run.machines.push(newMachineRun(name, hue))
}

function changeProvider(run: RunState, { provider: name, ...event }: ProviderChanged): void {
  const { phase, detail, startsAt = 0, endsAt = 0 } = event
  const changed = { name, phase, detail, startsAt, endsAt }
  const known = run.providers.find((one) => one.name === name)
  if (known) Object.assign(known, changed)
  else run.providers.push(changed)
}

function putFirst(run: RunState, board: string): readonly number[] {
  const index = run.boardIndex.get(board)
  if (index === undefined || run.putFirst.includes(index)) return []
  run.putFirst.push(index)
  const first = index * run.commits.length
  return run.commits.map((_, upto) => first + upto)
}

/** A machine's part in a run before anything was heard of it. */
export function newMachineRun(name: string, hue: number): MachineRun {
  return {
    name,
    hue,
    phase: 'connecting',
    detail: '',
    progress: null,
    nextTryAt: 0,
    busy: false,
    slots: 0,
    workDir: '',
    building: 0,
    done: 0,
    failed: 0,
    sharedHits: 0,
    load1m: 0,
    memAvailableMb: 0,
    lastHeard: 0,
    loads: [],
  }
}

/** Whether a machine in this phase has just said a word, and not only the boss about it. */
function isAnswering(phase: MachinePhase): boolean {
  return phase === 'preparing' || phase === 'ready' || phase === 'draining'
}

/** The machine's part in this run, marked as heard now. */
function machineOf(run: RunState, name: string, at: number): MachineRun | undefined {
  const machine = run.machines[run.machineIndex.get(name) ?? -1]
  if (machine) machine.lastHeard = at
  return machine
}

function setState(run: RunState, cell: number, state: BuildState): void {
  run.counts[stateOf(run, cell)] -= 1
  run.cells.state[cell] = stateCode[state]
  run.counts[state] += 1
}

function hasOutcome(run: RunState, cell: number): boolean {
  return (run.cells.state[cell] ?? 0) >= stateCode.ok
}

function startBuild(run: RunState, event: BuildStarted, at: number): readonly number[] {
  const cell = cellOf(run, event.board, event.upto)
  const index = run.machineIndex.get(event.machine)
  const machine = machineOf(run, event.machine, at)
  if (cell < 0 || index === undefined || !machine || hasOutcome(run, cell)) return []
  const attempt: Attempt = { cell, machine: index, slot: event.slot, from: at, to: 0, end: 'open' }
  const open = run.open.get(cell)
  if (open) open.push(run.attempts.length)
  else run.open.set(cell, [run.attempts.length])
  run.attempts.push(attempt)
  machine.building += 1
  setState(run, cell, run.suspected.has(cell) ? 'being checked' : 'building')
  run.cells.machine[cell] = index + 1
  run.cells.startedMs[cell] = at - run.startedAt
  run.cells.tries[cell] = Math.min(255, event.attempt)
  return [cell]
}

/** Ends the attempt of a cell on a machine, and says whether there was one. */
function closeAttempt(
  run: RunState,
  cell: number,
  machine: number,
  at: number,
  end: Attempt['end'],
): boolean {
  const open = run.open.get(cell) ?? []
  const position = open.findIndex((index) => run.attempts[index]?.machine === machine)
  const attempt = run.attempts[open[position] ?? -1]
  const owner = run.machines[machine]
  if (!attempt || !owner) return false
  attempt.to = at
  attempt.end = end
  owner.building -= 1
  open.splice(position, 1)
  if (open.length === 0) run.open.delete(cell)
  return true
}

function finishBuild(run: RunState, event: BuildFinished, at: number): readonly number[] {
  const cell = cellOf(run, event.board, event.upto)
  if (cell < 0 || hasOutcome(run, cell)) return []
  const index = run.machineIndex.get(event.machine)
  const machine = event.previously ? run.machines[index ?? -1] : machineOf(run, event.machine, at)
  if (machine && index !== undefined) {
    closeAttempt(run, cell, index, at, 'won')
    if (!event.previously && event.asBefore === undefined) {
      machine.done += 1
      machine.sharedHits += event.sharedHits ?? 0
      if (event.outcome === 'failed') machine.failed += 1
    }
    run.cells.machine[cell] = index + 1
  }
  setState(run, cell, event.outcome)
  const { outcome, lacks = [] } = event
  if (lacks.length > 0 && isBuilt(outcome)) run.noBoot[outcome] += 1
  if (event.reconfigured) run.reconfigured += 1
  if (event.asBefore !== undefined) {
    const from = run.commits.findIndex(({ hash }) => hash === event.asBefore)
    run.cells.asBefore[cell] = from < 0 ? ofNoCommit : Math.min(from + 1, ofNoCommit)
    if (!event.previously) run.asBefore += 1
  }
  if (event.previously) run.previously += 1
  // What no machine built took no time, and says nothing about the others.
  else if (machine && event.asBefore === undefined && run.recent.push(at) > paceWindow)
    run.recent.shift()
  run.cells.seconds[cell] = event.seconds
  run.cells.errors[cell] = Math.min(65535, event.errors)
  run.cells.warnings[cell] = Math.min(65535, event.warnings)
  const main = event.sizes.find((size) => size.image === 'u-boot')
  run.cells.bytes[cell] = main ? main.text + main.data + main.bss : 0
  const {
    reason,
    firstErrors,
    sizes,
    returnCode,
    truncated = [],
    problems = [],
    proof = null,
  } = event
  const lists = [firstErrors, sizes, truncated, problems, lacks]
  if (reason || returnCode !== 0 || proof || lists.some((list) => list.length > 0)) {
    const words = { reason, firstErrors, truncated, problems, lacks, proof }
    run.details.set(cell, { ...words, sizes, returnCode })
  }
  return [cell]
}

/** It waits as if it had never been built, but for what is remembered of that. */
function reopenBuild(run: RunState, { board, upto }: BuildReopened): readonly number[] {
  const cell = cellOf(run, board, upto)
  const outcome = outcomeIn(stateOf(run, cell))
  if (cell < 0 || outcome === undefined || run.earlier.has(cell)) return []
  const { cells } = run
  const machine = cells.machine[cell] ?? 0
  run.earlier.set(cell, {
    outcome,
    machine,
    seconds: cells.seconds[cell] ?? 0,
    errors: cells.errors[cell] ?? 0,
    warnings: cells.warnings[cell] ?? 0,
  })
  if (isBuilt(outcome) && (run.details.get(cell)?.lacks.length ?? 0) > 0) run.noBoot[outcome] -= 1
  run.details.delete(cell)
  run.previously -= 1
  cells.lostBy[cell] = machine
  const { machine: by, seconds, errors, warnings, bytes, asBefore } = cells
  for (const facts of [by, seconds, errors, warnings, bytes, asBefore]) facts[cell] = 0
  setState(run, cell, 'queued')
  return [cell]
}

/** Of a build that nothing is to be said of. */
export const noDetail: BuildDetail = {
  reason: '',
  firstErrors: [],
  sizes: [],
  returnCode: 0,
  truncated: [],
  problems: [],
  lacks: [],
  proof: null,
}

function addProblem(
  run: RunState,
  { board, upto }: { readonly board: string; readonly upto: number },
  text: string,
): readonly number[] {
  const cell = cellOf(run, board, upto)
  if (cell < 0) return []
  const detail = run.details.get(cell) ?? noDetail
  run.details.set(cell, { ...detail, problems: [...detail.problems, text] })
  return [cell]
}

/** When a machine began what it builds in this cell, ms since 1970; null where it builds nothing there. */
export function startOfAttempt(run: RunState, cell: number, machine: string): number | null {
  const open = (run.open.get(cell) ?? []).map((index) => run.attempts[index])
  const attempt = open.find((one) => one?.machine === run.machineIndex.get(machine))
  return attempt?.from ?? null
}

function dropBuild(run: RunState, event: BuildDropped, at: number): readonly number[] {
  const cell = cellOf(run, event.board, event.upto)
  const index = run.machineIndex.get(event.machine)
  if (cell < 0 || index === undefined || !closeAttempt(run, cell, index, at, event.why)) return []
  if (hasOutcome(run, cell)) return [cell]
  if (event.why === 'suspected') suspect(run, cell, index, event.reason)
  const other = run.attempts[run.open.get(cell)?.[0] ?? -1]
  if (other) {
    run.cells.machine[cell] = other.machine + 1
    run.cells.startedMs[cell] = other.from - run.startedAt
    if (event.why === 'suspected') setState(run, cell, 'being checked')
  } else if (run.suspected.has(cell)) {
    setState(run, cell, 'being checked')
  } else if (event.why === 'lost') {
    setState(run, cell, 'lost')
  } else {
    setState(run, cell, 'queued')
    run.cells.machine[cell] = 0
  }
  if (event.why === 'lost' || event.why === 'suspected') run.cells.lostBy[cell] = index + 1
  return [cell]
}

function suspect(run: RunState, cell: number, machine: number, reason: string): void {
  const words = reason.slice(0, mostWords)
  run.suspected.set(cell, [...(run.suspected.get(cell) ?? []), { machine, words }])
}

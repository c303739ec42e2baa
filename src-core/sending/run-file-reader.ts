import type { z } from 'zod'
import { mostBuilds, runEvent } from '../run/event-schema.ts'
import type { RunEvent } from '../run/run-events.ts'
import { applyEvent, cellOf, emptyRun, type RunState } from '../run/run-state.ts'
import {
  type RunFileBuild,
  type RunFileHead,
  runFileBuild,
  runFileChanges,
  runFileEnd,
  runFileHead,
  runFileVersion,
} from './run-file.ts'

/** Why a file is not the run that it should be, in words that go on from "FILE can't be opened:". */
export class RunFileProblem extends Error {
  readonly hint: string

  constructor(what: string, hint = '') {
    super(what)
    this.name = 'RunFileProblem'
    this.hint = hint
  }
}

export function notSaved(): RunFileProblem {
  return new RunFileProblem('it is no run that Slipway saved')
}

export function damaged(where: string): RunFileProblem {
  return new RunFileProblem(`it is damaged (${where})`, 'Have it sent again')
}

export function cutShort(): RunFileProblem {
  return new RunFileProblem('it is cut short', 'Have it sent again')
}

export type ReadRunFile = {
  readonly head: RunFileHead
  readonly run: RunState
  /** By cell. */
  readonly builds: ReadonlyMap<number, RunFileBuild>
  /** By `upto` of the commit that made them. */
  readonly changes: ReadonlyMap<number, readonly string[]>
}

/** What a window can show of a run; a real one has far less. */
const mostEvents = 3_000_000
const mostMachines = 250
const mostProviders = 100
const mostSlots = 20_000
/** How far an event may be from the start of its run, milliseconds: clocks are set, but not by years. */
const longestRun = 400 * 24 * 3600 * 1000

/** Takes the lines of a run's file one after the other, and holds them to what a run is. */
export class RunFileReader {
  #head: RunFileHead | null = null
  readonly #run = emptyRun()
  readonly #builds = new Map<number, RunFileBuild>()
  readonly #changes = new Map<number, readonly string[]>()
  #line = 0
  #events = 0
  #hasEnd = false

  /** @throws RunFileProblem */
  line(value: unknown): void {
    this.#line += 1
    if (!this.#head) this.#head = headOf(value)
    else if (this.#hasEnd) throw this.#damaged()
    else this.#take(value)
  }

  /** @throws RunFileProblem where there should be more */
  result(): ReadRunFile {
    if (!this.#head) throw notSaved()
    if (!this.#hasEnd) throw cutShort()
    return { head: this.#head, run: this.#run, builds: this.#builds, changes: this.#changes }
  }

  #take(value: unknown): void {
    switch (typeOf(value)) {
      case 'changes': {
        const { upto, files } = this.#parse(runFileChanges, value)
        if (upto >= this.#run.commits.length) throw this.#damaged()
        this.#changes.set(upto, files)
        return
      }
      case 'build': {
        const build = this.#parse(runFileBuild, value)
        const cell = cellOf(this.#run, build.board, build.upto)
        if (cell < 0) throw this.#damaged()
        this.#builds.set(cell, build)
        return
      }
      case 'end': {
        const { events, builds } = this.#parse(runFileEnd, value)
        if (events !== this.#events || builds !== this.#builds.size) throw this.#damaged()
        if (this.#run.finishedAt === 0) throw this.#damaged()
        this.#hasEnd = true
        return
      }
      default:
        this.#apply(this.#parse(runEvent, value))
    }
  }

  #parse<T>(schema: z.ZodType<T>, value: unknown): T {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    throw this.#damaged()
  }

  #apply(event: RunEvent): void {
    const run = this.#run
    this.#events += 1
    const isStart = event.type === 'run-started'
    if (isStart !== (this.#events === 1) || this.#events > mostEvents) throw this.#damaged()
    if (isStart) {
      const { boards, commits } = event
      if (boards.length * commits.length > mostBuilds) throw this.#damaged()
      if (commits.some(({ upto }, index) => upto !== index)) throw this.#damaged()
      if (new Set(boards.map(({ target }) => target)).size < boards.length) throw this.#damaged()
    } else if (Math.abs(event.at - run.startedAt) > longestRun) throw this.#damaged()
    applyEvent(run, event)
    if (run.machines.length > mostMachines || run.providers.length > mostProviders)
      throw this.#damaged()
    if (event.type === 'machine-changed' && slotsOf(run) > mostSlots) throw this.#damaged()
  }

  #damaged(): RunFileProblem {
    return damaged(`line ${this.#line}`)
  }
}

function headOf(value: unknown): RunFileHead {
  if (typeOf(value) !== 'slipway-run') throw notSaved()
  const version = typeof value === 'object' && value && 'version' in value ? value.version : null
  if (typeof version === 'number' && version > runFileVersion) {
    throw new RunFileProblem(
      `a newer Slipway saved it (its format is ${version}, this one knows ${runFileVersion})`,
      'Update Slipway',
    )
  }
  const parsed = runFileHead.safeParse(value)
  if (!parsed.success) throw damaged('line 1')
  return parsed.data
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : null
}

function slotsOf({ machines }: RunState): number {
  return machines.reduce((sum, { slots }) => sum + slots, 0)
}

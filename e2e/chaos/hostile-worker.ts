import { existsSync } from 'node:fs'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deferred } from '../../src-core/basics/deferred.ts'
import type { BuildFinished } from '../../src-core/run/run-events.ts'
import { driveRun } from '../../src-main/boss/driving/run.ts'
import type { Run } from '../../src-main/boss/driving/run-under-way.ts'
import { type Fixture, prepareFixture } from '../../src-main/boss/driving/test-prepared-run.ts'
import { seededRandom } from '../../src-main/boss/scheduling/simulation/made-up-boards.ts'
import type { PipeEnd, WorkerPipe } from '../../src-main/boss/worker-link/worker-pipe.ts'
import type { ToolchainChoice } from '../../src-main/machines/toolchains/choose-toolchain.ts'
import { runLogPath } from '../../src-main/results/run-log.ts'
import { escaped, hostileWorkerLine, type Known } from './hostile-lines.ts'

export type HostileReport = {
  readonly lines: number
  /** How often the hostile machine was left out, and came again. */
  readonly visits: number
  /** Bytes of the run's log. */
  readonly logBytes: number
  readonly complaints: readonly string[]
}

/** Lines between two turns of the event loop. */
const linesATurn = 50
/** Bytes of the run's log for each visit, at most: a line of words, and some of what it is given. */
const logBytesAVisit = 20_000

const easyBoards = ['a', 'b', 'c', 'd', 'e', 'f']

/**
 * A run of an honest worker and a hostile one, which is left out and comes again until it has said so
 * many lines. What the honest one builds has to stay, and the hostile one to leave nothing.
 */
export async function hostileWorkerRound(
  seed: number,
  lines: number,
  workerFile: string,
): Promise<HostileReport> {
  const random = seededRandom(seed)
  const hostile = new HostileMachine(random, [...easyBoards, 'held'])
  const { fixture, gate } = await prepareHostile(hostile, workerFile)
  try {
    const run = driveRun(fixture.prepared)
    const honest: BuildFinished[] = []
    let visits = 1
    let isOver = false
    run.onEvent((event) => {
      if (event.type === 'build-finished' && event.machine === 'honest') honest.push(event)
      if (event.type !== 'machine-changed' || event.machine !== 'hostile') return
      const isAway = event.phase === 'left out' || event.phase === 'lost'
      if (!isAway || isOver) return
      if (event.phase === 'left out') {
        isOver = hostile.lines >= lines
        if (isOver) return void writeFile(gate, '')
        visits += 1
      }
      void run.act({ kind: 'add-machine', machine: 'hostile' })
    })
    await run.finished
    const { size: logBytes } = await stat(runLogPath(fixture.prepared.base, run.runId))
    const complaints = [
      ...outcomeComplaints(run, honest),
      ...(await folderComplaints(fixture, honest)),
      ...(logBytes > visits * logBytesAVisit + 100_000 ? [`${logBytes} bytes of log`] : []),
    ]
    return { lines: hostile.lines, visits, logBytes, complaints }
  } finally {
    for (const place of [fixture.dir, gate, escaped]) {
      await rm(place, { recursive: true, force: true })
    }
  }
}

/** The honest machine alone has the compiler of the board that keeps the run going until `gate` is there. */
async function prepareHostile(
  hostile: HostileMachine,
  workerFile: string,
): Promise<{ readonly fixture: Fixture; readonly gate: string }> {
  const gate = join('/dev/shm', `slipway-hostile-${process.pid}-${Math.random()}`)
  const fixture = await prepareFixture({
    workerFile,
    boards: {
      ...Object.fromEntries(easyBoards.map((board) => [board, `echo built ${board}`])),
      held: `until [ -e ${gate} ]; do sleep 0.05; done; rm -f ${gate}; echo built held`,
    },
    taking: ['honest', 'hostile'],
    steps: (machine, usual) =>
      machine === 'hostile'
        ? { startWorker: async () => hostile.start() }
        : { toolchains: () => alsoFor('held', usual.toolchains()) },
    change: ({ boards, request, taking }) => ({
      boards: boards.map((board) => (board.target === 'held' ? { ...board, arch: 'held' } : board)),
      request: { ...request, settings: { ...request.settings, keepOutputs: true } },
      taking: taking.map((machine) => ({ ...machine, maxBoards: 2 })),
    }),
  })
  return { fixture, gate }
}

function alsoFor(arch: string, { archs, leftOut }: ToolchainChoice): ToolchainChoice {
  const [toolchain] = archs.values()
  return { archs: toolchain ? new Map([...archs, [arch, toolchain]]) : archs, leftOut }
}

/** A machine whose workers take the boss's greeting well, and then say what they like. */
class HostileMachine {
  lines = 0
  readonly #random: () => number
  readonly #boards: readonly string[]

  constructor(random: () => number, boards: readonly string[]) {
    this.#random = random
    this.#boards = boards
  }

  /** Each of its workers is hostile in its own degree. */
  start(): WorkerPipe {
    const wild = [0, 0.03, 1][Math.floor(this.#random() * 3)] ?? 1
    const known: Known = { boards: this.#boards, commits: 1, wild }
    return new HostilePipe(this.#random, () => {
      this.lines += 1
      return hostileWorkerLine(this.#random, known)
    })
  }
}

class HostilePipe implements WorkerPipe {
  readonly #end = deferred<PipeEnd>()
  readonly ended = this.#end.promise
  readonly #nextLine: () => string
  readonly #random: () => number
  #listener: (chunk: Uint8Array) => void = () => {}
  #isOpen = true
  #isFlooding = false

  constructor(random: () => number, nextLine: () => string) {
    this.#random = random
    this.#nextLine = nextLine
    setImmediate(() =>
      this.#say({
        ...{ resp: 'ready', nthreads: 2, slots: 2 },
        features: [
          'setup',
          'uptos',
          'cancel_board',
          'fetch_output',
          'ping',
          'board_started',
          'watch',
        ],
      }),
    )
  }

  write(line: string): void {
    const { cmd } = JSON.parse(line) as { readonly cmd: string }
    // Now and then it begins before it is ready.
    if (this.#isFlooding || this.#random() < 0.1) this.#flood()
    else if (cmd === 'setup') this.#say({ resp: 'setup_done', work_dir: '/', git_dir: '/' })
    else if (cmd === 'configure') this.#say({ resp: 'configure_done' })
    else if (cmd === 'build_prepare') {
      this.#say({ resp: 'build_prepare_done' })
      this.#flood()
    }
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#listener = listener
  }

  onDiagnostics(): void {}

  close(): void {
    this.#isOpen = false
    this.#end.resolve({ reason: 'the worker ended with status 0', isGone: true })
  }

  #say(message: object): void {
    if (this.#isOpen) this.#listener(Buffer.from(`BM> ${JSON.stringify(message)}\n`))
  }

  #flood(): void {
    if (this.#isFlooding) return
    this.#isFlooding = true
    const more = () => {
      for (let line = 0; line < linesATurn && this.#isOpen; line += 1) {
        this.#listener(Buffer.from(`${this.#nextLine()}\n`))
      }
      if (this.#isOpen) setImmediate(more)
    }
    more()
  }
}

function outcomeComplaints(run: Run, honest: readonly BuildFinished[]): string[] {
  const { counts } = run.state
  const open = counts.queued + counts.building + counts.lost
  const wrong = honest.filter(({ outcome }) => outcome !== 'ok')
  return [
    ...(open > 0 ? [`${open} builds have no outcome`] : []),
    ...wrong.map(({ board, outcome }) => `${board} is ${outcome} on the honest machine`),
    ...(honest.some(({ board }) => board === 'held') ? [] : ['the held board was not built']),
  ]
}

async function folderComplaints(
  { dir, prepared }: Fixture,
  honest: readonly BuildFinished[],
): Promise<string[]> {
  const complaints: string[] = []
  for (const { board } of honest) {
    const folder = prepared.store.boardDir(board, prepared.commits[0] ?? never())
    const log = await readFile(join(folder, 'log'), 'utf8').catch(String)
    const host = await readFile(join(folder, 'host'), 'utf8').catch(String)
    if (!log.includes(`built ${board}`) || host !== 'honest') {
      complaints.push(`${board} is not the honest machine's: ${host}: ${log.slice(0, 200)}`)
    }
  }
  const beside = (await readdir(dir)).sort().join(' ')
  if (beside !== 'honest hostile out runs') complaints.push(`beside the results: ${beside}`)
  if (existsSync(escaped)) complaints.push('a file outside of the results')
  const names = await readdir(prepared.base, { recursive: true })
  const odd = names.filter((name) => /\.\.|escaped|\p{Cc}/u.test(name))
  return [...complaints, ...odd.map((name) => `in the results: ${JSON.stringify(name)}`)]
}

function never(): never {
  throw new Error('the run has no commit')
}

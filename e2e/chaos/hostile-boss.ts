import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { seededRandom } from '../../src-main/boss/scheduling/simulation/made-up-boards.ts'
import { makeSmallTree } from '../../src-worker/testing/small-tree.ts'
import { startWorker, type TestWorker } from '../../src-worker/testing/start-worker.ts'
import { escaped, hostileBossLine } from './hostile-lines.ts'

export type HostileBossReport = {
  readonly lines: number
  /** Most memory that the worker took, megabytes. */
  readonly peakMb: number
  readonly complaints: readonly string[]
}

/** Lines after which the worker has to answer a ping; so nothing is sent to one that hangs. */
const linesAPing = 500
/** Megabytes: Node itself takes about 60, and a line may be of some. */
const memoryLimitMb = 600

/**
 * A worker is told so many hostile lines. It has to stay, answer pings all the time, write nothing outside
 * of its work folder, and build a board for an honest boss in the end.
 */
export async function hostileBossRound(
  seed: number,
  lines: number,
  workerFile: string,
): Promise<HostileBossReport> {
  const random = seededRandom(seed)
  const dir = await mkdtemp(join(tmpdir(), 'slipway-hostile-boss-'))
  const work = join(dir, 'work')
  const boards = ['a', 'b', 'c']
  const recipes = Object.fromEntries(boards.map((board) => [board, `echo built ${board}`]))
  const [hash = ''] = makeSmallTree(work, [{ boards: recipes }])
  const env = { XDG_RUNTIME_DIR: join(dir, 'run'), CCACHE_DIR: join(dir, 'ccache') }
  const worker = startWorker({ script: workerFile, env })
  try {
    await worker.next('ready')
    worker.send({ cmd: 'setup', work_dir: work, boss: 'me@here', run_id: 'run-1' })
    await worker.next('setup_done')
    let told = 0
    for (; told < lines; told += 1) {
      worker.sendRaw(`${hostileBossLine(random, { boards, commits: 1, wild: 1 })}\n`)
      if (told % linesAPing === linesAPing - 1) await answersPing(worker, told)
    }
    const built = await buildHonestly(worker, hash)
    const peakMb = peakMemory(worker.process.pid)
    const beside = readdirSync(dir).sort().join(' ')
    const complaints = [
      ...(built.includes('built a') ? [] : [`the honest build said: ${built}`]),
      ...(peakMb > memoryLimitMb ? [`the worker took ${peakMb} MB`] : []),
      ...(/^(ccache )?run work$/.test(beside) ? [] : [`beside the work folder: ${beside}`]),
      ...(existsSync(escaped) ? ['a file outside of the work folder'] : []),
    ]
    return { lines: told, peakMb, complaints }
  } finally {
    worker.process.kill('SIGTERM')
    await worker.ended
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
    await rm(escaped, { recursive: true, force: true })
  }
}

async function answersPing(worker: TestWorker, told: number): Promise<void> {
  const seq = 2_000_000_000 + told
  worker.send({ cmd: 'ping', seq })
  await worker.next('pong', (pong) => pong.seq === seq)
  worker.forget()
  await nextTurn()
}

/** Whatever the hostile lines left waiting is ended or built first. */
async function buildHonestly(worker: TestWorker, hash: string): Promise<string> {
  worker.send({ cmd: 'cancel_board', board: 'last' })
  await worker.next('error', ({ board }) => board === 'last')
  worker.forget()
  worker.send({ cmd: 'build_done' })
  await worker.next('build_done')
  worker.forget()
  worker.send({ cmd: 'configure', settings: { ccache: false } })
  worker.send({ cmd: 'build_prepare', commits: [hash], max_boards: 1 })
  worker.send({ cmd: 'build_board', board: 'a', arch: 'sandbox', attempt: 77 })
  const built = worker
    .next('build_result', ({ attempt }) => attempt === 77)
    .then(({ stdout, stderr }) => stdout + stderr)
  return Promise.race([built, worker.next('error').then(({ msg }) => msg)])
}

function peakMemory(pid = 0): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1024)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { sizeLine } from '../building/collect.ts'
import type { WorkerSettingsInput } from '../protocol/worker-settings.ts'
import type { TestWorker } from './start-worker.ts'

/** What came of a build, as far as it has to be the same by hand. */
export type Compared = {
  readonly code: number
  /** Sorted lines: two jobs may speak in either order. */
  readonly stderr: string
  readonly sizes: string
}

export type Comparison = {
  readonly worker: TestWorker
  /** The worker's folder; `repo.git` is filled. */
  readonly dir: string
  /** A checkout of HEAD, to build in by hand. */
  readonly tree: string
  readonly boards: readonly { readonly board: string; readonly arch: string }[]
  readonly toolchains: Readonly<Record<string, string>>
  readonly settings: WorkerSettingsInput
  /** Make words by hand that say what `settings` say. */
  readonly words?: readonly string[]
}

/** Builds boards with the worker and in a shell; gives what came of each, by board. */
export async function compareByHand(comparison: Comparison) {
  const byWorker = await buildWithWorker(comparison)
  const byHand: Record<string, Compared> = {}
  for (const { board, arch } of comparison.boards) {
    byHand[board] = await buildByHand(comparison, board, arch)
  }
  return { byWorker, byHand }
}

async function buildWithWorker(comparison: Comparison): Promise<Record<string, Compared>> {
  const { worker, dir, boards, toolchains, settings } = comparison
  const pings = setInterval(() => worker.send({ cmd: 'ping', seq: 0 }), 10_000)
  worker.send({ cmd: 'setup', work_dir: dir })
  worker.send({ cmd: 'configure', settings, toolchains: { ...toolchains } })
  worker.send({ cmd: 'build_prepare', commits: ['HEAD'] })
  for (const work of boards) worker.send({ cmd: 'build_board', ...work })
  worker.send({ cmd: 'build_done' })
  await worker.next('build_done')
  clearInterval(pings)
  const results = worker.messages.filter((m) => m.resp === 'build_result')
  return Object.fromEntries(
    results.map((r) => {
      const sizes = r.sizes?.raw ?? ''
      return [r.board, { code: r.return_code, stderr: comparable(r.stderr), sizes }]
    }),
  )
}

async function buildByHand(
  { tree, toolchains, settings, words = [] }: Comparison,
  board: string,
  arch: string,
): Promise<Compared> {
  const cross = basename(toolchains[arch] ?? 'gcc').replace(/gcc$/, '')
  const env = { ...process.env, LC_ALL: 'C', ...(cross && { CROSS_COMPILE: cross }) }
  const out = 'build-by-hand'
  const run = async (...argv: readonly string[]) => {
    const [program = '', ...args] = argv
    const child = spawn(program, args, { cwd: tree, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk
    })
    const [code] = await once(child, 'close')
    return { code: Number(code), ...said }
  }
  await run('rm', '-rf', `${tree}/${out}`)
  const make = ['make', '-s', `O=${out}`, '-j2', 'NPROC=2', ...words]
  const configured = await run(...make, `${board}_defconfig`)
  // The version of a reproducible build does not name the commit (reference, section 5).
  const nameless = ['scripts/config', '--file', `${out}/.config`, '--disable', 'LOCALVERSION_AUTO']
  if (settings.reproducible_builds && configured.code === 0) await run(...nameless)
  const { code, stderr } = configured.code === 0 ? await run(...make) : configured
  const sizes: string[] = []
  for (const image of ['u-boot', 'spl/u-boot-spl', 'tpl/u-boot-tpl']) {
    const inFolder = (script: string) => run('sh', '-c', `cd ${out} && ${script}`)
    const size = await inFolder(`test -f ${image} && ${cross}size ${image}`)
    const headers = await inFolder(`${cross}objdump -h ${image}`)
    if (size.code === 0) sizes.push(sizeLine(size.stdout, headers.stdout))
  }
  return { code, stderr: comparable(stderr.replaceAll(`${tree}/`, '')), sizes: sizes.join('\n') }
}

/**
 * Without what is different in every build: names of build folders, the order of jobs, and which line of a
 * recipe make names, which depends on whether a job had to wait for a token.
 */
function comparable(stderr: string): string {
  const lines = stderr
    .replaceAll(/build-[\w-]+/g, 'build')
    .replaceAll(/make(\[\d+\])?:/g, 'make:')
    .replaceAll(/(make: \*\*\* \[[^:\]]+:)\d+/g, '$1')
    .split('\n')
  return lines
    .filter((line) => line !== '' && !line.includes('Waiting for unfinished jobs'))
    .sort()
    .join('\n')
}

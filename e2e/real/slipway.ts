import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { BuildFinished, RunEvent } from '../../src-core/run/run-events.ts'
import type { JsonBuild } from '../../src-main/cli/text/json-report.ts'
import type { World } from './world.ts'

const program = join(import.meta.dirname, '..', '..', 'out', 'cli', 'slipway.mjs')

/** An event as `--json` prints it. */
type Told = { readonly event: RunEvent['type'] } & Readonly<Record<string, unknown>>

export type Finished = {
  readonly status: number | null
  readonly builds: readonly JsonBuild[]
  readonly stderr: string
}

/** The terminal command at work. */
export type Slipway = {
  readonly child: ChildProcess
  /** Settles when so many builds have their outcome, not counting those of before. */
  results(count: number): Promise<void>
  readonly finished: Promise<Finished>
}

/** Starts `slipway --json` on the world's tree, with what it sees of the person. */
export function startSlipway(world: Pick<World, 'tree' | 'env'>, args: readonly string[]): Slipway {
  const child = spawn(process.execPath, [program, '-g', world.tree, '--json', ...args], {
    env: world.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  let seen = 0
  let builds: readonly JsonBuild[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const told = JSON.parse(line) as Told
    if (String(told.event) === 'finished') builds = told.builds as JsonBuild[]
    if (told.event !== 'build-finished' || (told as unknown as BuildFinished).previously) return
    seen += 1
    for (const { count, resolve } of waiting) if (seen >= count) resolve()
  })
  const finished = Promise.all([once(child, 'close'), once(lines, 'close')]).then(() => ({
    status: child.exitCode,
    builds,
    stderr,
  }))
  return {
    child,
    finished,
    async results(count) {
      const enough = new Promise<void>((resolve) => {
        if (seen >= count) resolve()
        else waiting.push({ count, resolve })
      })
      const over = finished.then((end) => {
        if (seen < count) throw new Error(`it ended after ${seen} results: ${end.stderr}`)
      })
      await Promise.race([enough, over])
    },
  }
}

/** Runs the command to its end. */
export function slipway(world: World, ...args: readonly string[]): Promise<Finished> {
  return startSlipway(world, args).finished
}

/** Runs it for what it prints, e.g. a summary. */
export async function slipwayText(world: World, ...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, '-g', world.tree, ...args], {
    env: world.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (data) => {
    text += data
  })
  await once(child, 'close')
  return text
}

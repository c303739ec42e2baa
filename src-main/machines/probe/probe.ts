import { randomUUID } from 'node:crypto'
import type { FoundWorker } from '../../../src-core/model.ts'
import { fail, type Result } from '../../../src-core/result.ts'
import { run } from '../transport/run-command.ts'
import { type ShellScript, shellScript } from '../transport/shell-scripts.ts'
import { type Transport, TransportError } from '../transport/transport.ts'
import { type ProbeReply, parseProbe, parseWorkers } from './parse-probe.ts'

export type ProbeOptions = {
  /** The boss's compilers; those below its home as `~/...`. Tried there in the same place. */
  readonly bossCompilers?: readonly string[]
  /** The folder below which it builds; `~/` is the home there; need not exist yet. */
  readonly workDir?: string
  /** What tools and compilers say of themselves may be up to ten minutes old, if they are the same files. */
  readonly recall?: boolean
  /** Seconds in which a tool or compiler is to answer; the boss's own limit for a silence is longer. */
  readonly patience?: number
  readonly signal?: AbortSignal
} & ProbeLimits

/** A busy machine may take minutes, but it prints all the time. A hanging one is silent. */
export type ProbeLimits = {
  /** Milliseconds without a byte of its reply. Default: 30 s. */
  readonly stallMs?: number
  /** Milliseconds for all of it, connecting apart. Default: 5 min. */
  readonly timeoutMs?: number
}

const usualPatience = 20
const defaultLimits = { stallMs: 30_000, timeoutMs: 300_000 }

/**
 * Asks a machine what it is, what it has and what runs there, in one round trip. A machine that
 * can't be reached or does not make sense is an answer; only an abort by the caller rejects.
 */
export function probe(
  transport: Transport,
  options: ProbeOptions = {},
): Promise<Result<ProbeReply>> {
  const values = {
    work_dir: options.workDir ?? '~/.cache/slipway/work',
    compilers: (options.bossCompilers ?? []).join('\n'),
    parts: 'machine workers tools all_compilers',
    patience: String(options.patience ?? usualPatience),
    recall: options.recall ? 'yes' : 'no',
  }
  return ask(transport, { script: 'probe.sh', values, ...options }, (text, nonce) =>
    parseProbe(text, nonce, Date.now()),
  )
}

/** Asks only for workers and locks; as quick as one round trip can be. */
export function probeWorkers(
  transport: Transport,
  options: ProbeLimits & { readonly signal?: AbortSignal } = {},
): Promise<Result<readonly FoundWorker[]>> {
  const values = { work_dir: '', compilers: '', parts: 'workers', patience: '5', recall: 'no' }
  return ask(transport, { script: 'probe.sh', values, ...options }, parseWorkers)
}

/** Runs one of our scripts there and reads its framed reply. */
export async function ask<T>(
  transport: Transport,
  question: {
    readonly script: ShellScript
    readonly values: Readonly<Record<string, string>>
    readonly signal?: AbortSignal
  } & ProbeLimits,
  read: (text: string, nonce: string) => Result<T>,
): Promise<Result<T>> {
  const nonce = randomUUID()
  const { script, values, signal } = question
  const { stallMs = defaultLimits.stallMs, timeoutMs = defaultLimits.timeoutMs } = question
  const stdin = await shellScript(script, { nonce, ...values })
  try {
    const output = await run(transport, 'sh', {
      stdin,
      stallMs,
      timeoutMs,
      ...(signal && { signal }),
    })
    const reply = read(output.stdout, nonce)
    if (reply.ok) return reply
    const { status, stderr } = output
    if (status.kind === 'lost') return fail(`the connection was lost: ${status.reason}`)
    const said = stderr.trim().slice(0, 200)
    return said === '' ? reply : fail(`${reply.problem.what}: ${said}`, reply.problem.hint)
  } catch (error) {
    if (error instanceof TransportError) return fail(error.message, error.hint)
    throw error
  }
}

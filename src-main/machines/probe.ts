import { randomUUID } from 'node:crypto'
import { fail, type Result } from '../../src-preload/result.ts'
import { type ProbeReply, parseProbe } from './parse-probe.ts'
import { run } from './run-command.ts'
import { shellScript } from './shell-scripts.ts'
import { type Transport, TransportError } from './transport.ts'

export type ProbeOptions = {
  /** The boss's compilers; those below its home as `~/...`. Tried there in the same place. */
  readonly bossCompilers?: readonly string[]
  /** The folder whose disk must have room; `~/` is the home there; need not exist yet. */
  readonly workDir?: string
  /** Milliseconds for everything, connecting included. Default: 20 s. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Asks a machine what it is, what it has and what runs there, in one round trip. A machine that
 * can't be reached or does not make sense is an answer; only an abort by the caller rejects.
 */
export async function probe(
  transport: Transport,
  options: ProbeOptions = {},
): Promise<Result<ProbeReply>> {
  const nonce = randomUUID()
  const stdin = await shellScript('probe.sh', {
    nonce,
    work_dir: options.workDir ?? '~/',
    compilers: (options.bossCompilers ?? []).join('\n'),
  })
  try {
    const output = await run(transport, 'sh', {
      stdin,
      timeoutMs: options.timeoutMs ?? 20_000,
      ...(options.signal && { signal: options.signal }),
    })
    const reply = parseProbe(output.stdout, nonce, Date.now())
    if (reply.ok || output.status.kind !== 'lost') return reply
    return fail(`the connection was lost during the probe: ${output.status.reason}`)
  } catch (error) {
    if (error instanceof TransportError) return fail(error.message, error.hint)
    throw error
  }
}

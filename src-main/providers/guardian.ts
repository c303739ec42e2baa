import { setTimeout as sleep } from 'node:timers/promises'
import { hearLines } from '../machines/transport/hear-lines.ts'
import { shellQuote } from '../machines/transport/shell-quote.ts'
import type { ExitStatus, Transport } from '../machines/transport/transport.ts'

/**
 * A script that holds something for as long as its input is open, and gives it back when that ends: by our
 * wish, or since the boss is gone, however it went. Nothing of ours stays held without somebody who wants it.
 */
export type Guardian = {
  /** Tells it to give everything back. Settles with its end, or with null after so many milliseconds. */
  dismiss(limitMs: number): Promise<ExitStatus | null>
  readonly ended: Promise<ExitStatus>
}

/** Rejects with a TransportError. `onLine`: what it says, stdout and stderr alike. */
export async function startGuardian(
  transport: Transport,
  script: string,
  onLine: (line: string) => void,
): Promise<Guardian> {
  const execution = await transport.exec(asGuardian(script))
  for (const stream of [execution.stdout, execution.stderr]) hearLines(stream, onLine)
  const { stdin, ended } = execution
  return {
    ended,
    async dismiss(limitMs) {
      stdin.end()
      const timer = new AbortController()
      const late = sleep(limitMs, null, { signal: timer.signal }).catch(() => null)
      const end = await Promise.race([ended, late])
      timer.abort()
      return end
    },
  }
}

/**
 * In a session of its own where it can have one: it must outlive this program's end, with which all else
 * that it started is ended. Its words may find nobody.
 */
function asGuardian(script: string): string {
  const run = shellQuote(['sh', '-c', `trap '' HUP INT PIPE\n${script}`])
  return `if setsid -w true 2>/dev/null; then exec setsid -w ${run}; else exec ${run}; fi`
}

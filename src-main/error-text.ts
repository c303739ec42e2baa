import type { Problem } from '../src-core/result.ts'
import { TransportError } from './machines/transport/transport.ts'

/** What a person should read of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A reason that stands beside the machine's name already, so it need not say it again. */
export function withoutName(reason: string, machine: string): string {
  return reason.startsWith(`${machine}: `) ? reason.slice(machine.length + 2) : reason
}

/** A reason as a table has room for: one line, whatever was said. */
export function oneLine(text: string, most = 400): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

/** The same for what can be done about it, too. */
export function problemOf(error: unknown): Problem {
  return { what: messageOf(error), hint: error instanceof TransportError ? error.hint : '' }
}

import type { Boss } from '../boss/boss.ts'
import type { Flags } from './arguments/flags.ts'
import type { Places } from './arguments/places.ts'
import type { Output } from './text/output.ts'

/** What every command works with. */
export type Context = {
  /** Has read its configuration. */
  readonly boss: Boss
  readonly places: Places
  readonly flags: Flags
  readonly output: Output
  /** Aborted when the person wants this program to end. */
  readonly signal: AbortSignal
}

/** A line on stderr beside what was asked for; not with `-I`, whose stderr is what compilers say. */
export function tell({ flags, output }: Context, line: string): void {
  if (!flags.on.has('ide')) output.err(`${line}\n`)
}

/** The same in this program's name. */
export function warn(context: Context, line: string): void {
  tell(context, `slipway: ${line}`)
}

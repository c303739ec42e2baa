/** What a person should read of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A reason that stands beside the machine's name already, so it need not say it again. */
export function withoutName(reason: string, machine: string): string {
  return reason.startsWith(`${machine}: `) ? reason.slice(machine.length + 2) : reason
}

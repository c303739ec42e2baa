import type { MachineStatus } from '../../src-core/model.ts'
import type { MachinePhase } from '../../src-core/run/run-events.ts'
import type { MachineRun } from '../../src-core/run/run-state.ts'

/** A machine as the panel shows it: what is configured and probed, and its part in the run. */
export type MachineRow = {
  readonly name: string
  readonly status: MachineStatus | null
  /** Null where it has no part in the run shown, or no run goes on. */
  readonly part: MachineRun | null
  /** What it does or why it does nothing, in words; `warning` where a person should look. */
  readonly words: string
  readonly mood: 'calm' | 'busy' | 'warning' | 'off'
}

/**
 * Joins configuration and run. Machines stand in the order of the configuration and stay there;
 * those that only the run knows (an old run, or one removed since) come last.
 */
export function machineRows(
  configured: readonly MachineStatus[],
  parts: readonly MachineRun[],
  live: boolean,
): readonly MachineRow[] {
  const partOf = new Map(parts.map((part) => [part.name, part]))
  const rows = configured.map((status) => {
    const { name } = status.config
    const part = partOf.get(name) ?? null
    partOf.delete(name)
    return row(name, status, part, live)
  })
  return [...rows, ...[...partOf.values()].map((part) => row(part.name, null, part, live))]
}

function row(
  name: string,
  status: MachineStatus | null,
  part: MachineRun | null,
  live: boolean,
): MachineRow {
  const said = live && part ? phaseWords(part.phase, part.detail) : statusWords(status, live)
  return { name, status, part, ...said }
}

function phaseWords(phase: MachinePhase, detail: string): Pick<MachineRow, 'words' | 'mood'> {
  const words = (fallback: string) => detail || fallback
  switch (phase) {
    case 'connecting':
      // With words it was lost, and is tried again: no better than lost.
      return { words: words('connecting'), mood: detail === '' ? 'busy' : 'warning' }
    case 'preparing':
      return { words: words('preparing'), mood: 'busy' }
    case 'ready':
      return { words: '', mood: 'calm' }
    case 'draining':
      return { words: 'draining: finishes what it has', mood: 'busy' }
    case 'lost':
      return { words: `lost: ${words('no answer')}`, mood: 'warning' }
    case 'left out':
      return { words: words('left out'), mood: 'off' }
    case 'left':
      return { words: words('done'), mood: 'off' }
  }
}

/** `isLeftOut`: a run goes on in which it has no part. */
function statusWords(
  status: MachineStatus | null,
  isLeftOut: boolean,
): Pick<MachineRow, 'words' | 'mood'> {
  if (!status) return { words: 'no longer configured', mood: 'off' }
  switch (status.state) {
    case 'unknown':
      return { words: 'not probed yet', mood: 'off' }
    case 'probing':
      return { words: 'probing', mood: 'busy' }
    case 'available':
      return isLeftOut ? { words: 'not in this run', mood: 'off' } : { words: '', mood: 'calm' }
    case 'unavailable':
      return { words: status.reason, mood: 'warning' }
  }
}

/** `; next try in 12 s` for a machine that is lost and will be tried again. */
export function retryText(part: MachineRun | null, now: number): string {
  if (part?.phase !== 'lost' || part.nextTryAt === 0) return ''
  return `; next try in ${Math.max(0, Math.ceil((part.nextTryAt - now) / 1000))} s`
}

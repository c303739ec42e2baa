import { lastKnownState, type MachineStatus } from '../../src-core/model.ts'
import { giverOf } from '../../src-core/provider.ts'
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
  /** It was had for a time, and is given back. */
  readonly isGivenBack: boolean
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
  // A run that is driven elsewhere has machines that only it knows.
  const isGone = live && part ? part.phase === 'left' : status === null
  const isGivenBack = isGone && giverOf(name) !== ''
  const said = live && part ? partWords(part) : statusWords(status, live)
  // After a run all are, and need no reason.
  const why = live && part?.detail ? `: ${part.detail}` : ''
  const back = { words: `given back${why}`, mood: 'off' } as const
  return { name, status, part, isGivenBack, ...(isGivenBack ? back : said) }
}

function partWords({
  phase,
  detail,
  busy,
  building,
}: MachineRun): Pick<MachineRow, 'words' | 'mood'> {
  if (busy) return { words: detail, mood: 'warning' }
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
      return building > 0
        ? { words: 'draining: finishes what it has', mood: 'busy' }
        : { words: 'drained: takes no more', mood: 'off' }
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
  // Words that come and go while it is asked anew would move all machines below.
  switch (lastKnownState(status)) {
    case 'unknown':
      return { words: 'not probed yet', mood: 'off' }
    case 'probing':
      return { words: 'probing', mood: 'busy' }
    case 'available':
      return isLeftOut ? { words: 'not in this run', mood: 'off' } : { words: '', mood: 'calm' }
    case 'unavailable': {
      const again = status.state === 'probing' ? 'asking again: ' : ''
      return { words: `${again}${status.reason}`, mood: 'warning' }
    }
  }
}

/** `; next try in 12 s` for a machine that is lost and will be tried again. */
export function retryText(part: MachineRun | null, now: number): string {
  if (part?.phase !== 'lost' || part.nextTryAt === 0) return ''
  return `; next try in ${Math.max(0, Math.ceil((part.nextTryAt - now) / 1000))} s`
}

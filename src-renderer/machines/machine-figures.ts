import { plural } from '../../src-core/basics/words.ts'
import { agoText, megabytesText } from '../words.ts'
import type { MachineRow } from './machine-rows.ts'

/** What stands in the last line of a machine, most important first: a figure without room is left out. */
export function machineFigures(
  row: MachineRow,
  perMinute: number | null,
  now: number,
): readonly string[] {
  const { part } = row
  const { load, memory, heard } = newestOf(row)
  return [
    ...(part ? [`${part.done.toLocaleString('en')} done`] : []),
    ...(part && part.failed > 0 ? [`${part.failed.toLocaleString('en')} failed`] : []),
    ...(perMinute === null || perMinute === 0
      ? []
      : [`${perMinute.toFixed(perMinute < 10 ? 1 : 0)}/min`]),
    ...(part && part.sharedHits > 0 ? [sharedText(part.sharedHits)] : []),
    ...(load === undefined ? [] : [`load ${load.toFixed(1)}`]),
    ...(memory === undefined || part ? [] : [`${megabytesText(memory)} free`]),
    ...heardText(row, agoText(heard, now)),
  ]
}

function sharedText(hits: number): string {
  return `${plural(hits, 'compile')} from others`
}

/** Figures of the run, or of a probe: whichever was heard last. Those that nobody told are undefined. */
function newestOf({ part, status }: MachineRow) {
  const { probedAt = 0, facts = null } = status ?? {}
  if (part && part.lastHeard > probedAt) {
    return {
      load: part.load1m || facts?.load1m,
      memory: part.memAvailableMb || facts?.memAvailableMb,
      heard: part.lastHeard,
    }
  }
  return { load: facts?.load1m, memory: facts?.memAvailableMb, heard: probedAt }
}

/** One that is asked anew says so here: a line of its own would move all machines below it. */
function heardText({ status, part }: MachineRow, ago: string): readonly string[] {
  if (status?.state === 'probing' && status.probedAt > 0 && !part?.building) return ['asking']
  return ago === '' || ago === 'now' ? [] : [ago]
}

import { plural } from '../../src-core/basics/words.ts'
import { giverOf } from '../../src-core/provider.ts'
import { giversIn, inOrder, type WantedRun } from '../state/machine-order.ts'
import { titleOf } from '../words.ts'
import type { MachineRow } from './machine-rows.ts'

/** Machines of one provider, or those that nobody gave: then its name is empty. */
export type MachineGroup = {
  readonly provider: string
  readonly rows: readonly PlacedRow[]
}

/** `number`: place in the panel, from 1. The key of that number shows it alone. */
export type PlacedRow = MachineRow & { readonly number: number }

/** More machines than these are summed up, can be folded and looked through. */
const mostInSight = 12

export function isCrowded(rows: readonly unknown[]): boolean {
  return rows.length > mostInSight
}

/**
 * The panel from top to bottom: one's own machines, then each provider, also where it gave nothing yet; in each
 * those first that build, or are to build next.
 */
export function machineGroups(
  rows: readonly MachineRow[],
  providers: readonly { readonly name: string }[],
  live: boolean,
  next: WantedRun | null,
): readonly MachineGroup[] {
  const names = rows.map(({ name }) => name)
  let number = 0
  return giversIn(names, providers).map((provider) => ({
    provider,
    rows: inOrder(
      rows.filter(({ name }) => giverOf(name) === provider),
      live,
      next,
    ).map((row) => {
      number += 1
      return { ...row, number }
    }),
  }))
}

/** Whether a machine is looked for: by its name, or by how it is. */
export function isMeant({ name, words, part, status }: MachineRow, text: string): boolean {
  const said = [titleOf(name), part?.phase ?? '', status?.state ?? '', words]
  return said.join(' ').toLowerCase().includes(text.trim().toLowerCase())
}

/** `12/48 slots, 30 a minute, 2 lost`; without a run what there is, and how many machines do not answer. */
export function sumText(
  rows: readonly MachineRow[],
  live: boolean,
  perMinute: (name: string) => number | null,
): string {
  const total = (figure: (row: MachineRow) => number) =>
    rows.reduce((sum, row) => sum + figure(row), 0)
  const slots = total((row) => slotsOf(row, live))
  if (!live) {
    const away = total(({ status }) => (status?.state === 'unavailable' ? 1 : 0))
    return [plural(slots, 'slot'), ...(away > 0 ? [`${away} unavailable`] : [])].join(', ')
  }
  const rate = total(({ name }) => perMinute(name) ?? 0)
  const lost = total(({ part }) => (part?.phase === 'lost' ? 1 : 0))
  return [
    `${total(({ part }) => part?.building ?? 0)}/${plural(slots, 'slot')}`,
    ...(rate > 0 ? [`${rateText(rate)} a minute`] : []),
    ...(lost > 0 ? [`${lost} lost`] : []),
  ].join(', ')
}

function rateText(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')
}

/** Those that a machine has for the run; without one, those that it would have. */
function slotsOf({ part, status }: MachineRow, live: boolean): number {
  if (!live) return status && status.state !== 'unavailable' ? status.slots : 0
  return part && part.phase !== 'left' && part.phase !== 'left out' ? part.slots : 0
}

import { timeOfDay } from '../../src-core/basics/words.ts'
import { problemText } from '../../src-core/result.ts'
import type { ProviderRun } from '../../src-core/run/run-state.ts'
import type { Loadable } from '../state/attempt.ts'
import type { MachineRow } from './machine-rows.ts'

/** How a provider is in a run or, without its part in one, what it has to give. Times in milliseconds since 1970. */
export function providerWords(
  part: ProviderRun | null,
  offer: Loadable<string> | undefined,
  now: number,
): Pick<MachineRow, 'words' | 'mood'> {
  return part ? partWords(part, now) : offerWords(offer)
}

function partWords(
  { phase, detail, startsAt, endsAt }: ProviderRun,
  now: number,
): Pick<MachineRow, 'words' | 'mood'> {
  switch (phase) {
    case 'waiting': {
      const when = startsAt > 0 ? `, expected at ${clockText(startsAt, now)}` : ''
      return { words: `waiting: ${detail}${when}`, mood: 'busy' }
    }
    case 'given': {
      const when = endsAt > 0 ? ` until ${clockText(endsAt, now)}` : ''
      return { words: `gives ${detail}${when}`, mood: 'calm' }
    }
    case 'over':
      return { words: `over: ${detail}`, mood: 'warning' }
  }
}

function offerWords(offer: Loadable<string> | undefined): Pick<MachineRow, 'words' | 'mood'> {
  if (offer?.status === 'ready') return { words: offer.value, mood: 'calm' }
  if (offer?.status !== 'failed') return { words: 'asking what it has …', mood: 'busy' }
  return { words: problemText(offer.problem), mood: 'warning' }
}

/** `14:20`; on another day `3 Dec, 14:20`. */
function clockText(at: number, now: number): string {
  const date = new Date(at)
  const clock = timeOfDay(at)
  if (date.toDateString() === new Date(now).toDateString()) return clock
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${clock}`
}

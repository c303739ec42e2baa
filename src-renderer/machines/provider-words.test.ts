import { expect, test } from 'vitest'
import type { ProviderRun } from '../../src-core/run/run-state.ts'
import { providerWords } from './provider-words.ts'

const now = new Date(2026, 10, 30, 12, 0).getTime()
const at = (day: number, hour: number, minute: number) =>
  new Date(2026, 10, day, hour, minute).getTime()

test.each<[Partial<ProviderRun>, string]>([
  [{ phase: 'waiting', detail: 'asked for' }, 'waiting: asked for'],
  [
    { phase: 'waiting', detail: 'job 7 waits', startsAt: at(30, 14, 20) },
    'waiting: job 7 waits, expected at 14:20',
  ],
  [
    { phase: 'waiting', detail: 'job 7 waits', startsAt: at(29, 4, 5) },
    'waiting: job 7 waits, expected at 29 Nov, 04:05',
  ],
  [{ phase: 'given', detail: 'n1, n2', endsAt: at(30, 14, 50) }, 'gives n1, n2 until 14:50'],
  [{ phase: 'given', detail: 'n1' }, 'gives n1'],
  [{ phase: 'over', detail: 'it was cancelled' }, 'over: it was cancelled'],
])('%j reads "%s"', (part, words) => {
  const whole = { name: 'cluster', phase: 'waiting', detail: '', startsAt: 0, endsAt: 0 } as const
  expect(providerWords({ ...whole, ...part }, undefined, now).words).toBe(words)
})

test('without a part in a run it says what it has to give, or why nothing', () => {
  expect(providerWords(null, { status: 'ready', value: '2 machines' }, now)).toEqual({
    words: '2 machines',
    mood: 'calm',
  })
  expect(providerWords(null, undefined, now).mood).toBe('busy')
  const problem = { what: 'Slurm does not answer', hint: 'Try: sinfo' }
  expect(providerWords(null, { status: 'failed', problem }, now)).toEqual({
    words: 'Slurm does not answer. Try: sinfo',
    mood: 'warning',
  })
})

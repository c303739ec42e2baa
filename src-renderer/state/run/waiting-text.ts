import { listed, machineTitle } from '../../../src-core/basics/words.ts'
import type { MachineRun, ProviderRun } from '../../../src-core/run/run-state.ts'
import type { RunSummary } from './run-store.ts'

type Waiting = Pick<RunSummary, 'status' | 'paused' | 'machines' | 'providers' | 'counts'>

/**
 * Why a run that goes on builds nothing now, in words: machines that are away or not ready for the same
 * reason are named together. Empty while something is built, and where a person has said that nothing is.
 */
export function waitingText({ status, paused, machines, providers, counts }: Waiting): string {
  const waits = counts.queued + counts.lost + counts['being checked'] > 0
  if (status !== 'running' || paused || !waits) return ''
  if (machines.some(({ phase, building }) => building > 0 || phase === 'ready')) return ''
  const expected = [
    ...longestFirst(machines).flatMap(machineWait),
    ...providers.flatMap(providerWait),
  ]
  const drained = machines.filter(({ phase }) => phase === 'draining').map(nameOf)
  if (expected.length > 0) return byWords(expected)
  if (drained.length === 0) return ''
  return `${listed(drained)} ${drained.length > 1 ? 'are drained and take' : 'is drained and takes'} no more`
}

type Wait = { readonly name: string; readonly words: string }

function machineWait(machine: MachineRun): readonly Wait[] {
  const { phase, detail, busy } = machine
  const wait = (words: string) => [{ name: nameOf(machine), words }]
  if (busy) return wait(detail)
  if (phase === 'lost') return wait(`lost, and tried again: ${detail || 'no answer'}`)
  if (phase === 'connecting' || phase === 'preparing') return wait(detail || phase)
  return []
}

function providerWait({ name, phase, detail }: ProviderRun): readonly Wait[] {
  return phase === 'waiting' ? [{ name, words: detail }] : []
}

/** What may last longest first. */
function longestFirst(machines: readonly MachineRun[]): readonly MachineRun[] {
  const rank = ({ busy, phase }: MachineRun) => (busy ? 2 : phase === 'lost' ? 1 : 0)
  return machines.toSorted((a, b) => rank(b) - rank(a))
}

/** `h1 and h2: connecting; h3: lost`. */
function byWords(waits: readonly Wait[]): string {
  const namesOf = (text: string) =>
    waits.flatMap(({ name, words }) => (words === text ? [name] : []))
  return [...new Set(waits.map(({ words }) => words))]
    .map((words) => `${listed(namesOf(words))}: ${words}`)
    .join('; ')
}

function nameOf({ name }: MachineRun): string {
  return machineTitle(name)
}

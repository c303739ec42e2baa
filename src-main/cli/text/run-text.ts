import { timeOfDay } from '../../../src-core/basics/words.ts'
import { type CommitChoice, LOCAL, type RunRequest } from '../../../src-core/model.ts'
import { markCounts } from '../../../src-core/run/build-mark.ts'
import { longClockText } from '../../../src-core/run/pace.ts'
import type { MachineChanged, ProviderChanged, RunEvent } from '../../../src-core/run/run-events.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import { counted } from './counted.ts'

/** What this computer does of a run at most. */
export type LocalShare = { readonly threads: number; readonly jobs: number }

/**
 * Boards at once here, and the make jobs that each of them gets at least: the reference, section 5.
 * @param cores of this computer, as its worker counts them
 * @param maxBoards of `[machine:local]`; 0 for none
 */
export function localShare(
  { threads, jobs }: RunRequest['settings'],
  boards: number,
  { cores, maxBoards }: { readonly cores: number; readonly maxBoards: number },
): LocalShare {
  return {
    threads: Math.min(boards, threads || maxBoards || cores),
    jobs: jobs || Math.max(1, Math.ceil(cores / boards)),
  }
}

/** `4 commits for 2 boards (2 threads, 1 job per thread)`; with null nothing is built here. */
export function scopeText(
  choice: CommitChoice,
  boards: number,
  commits: number,
  here: LocalShare | null,
): string {
  const what = choice.kind === 'current' ? 'current source' : counted(commits, 'commit')
  const share = here
    ? ` (${counted(here.threads, 'thread')}, ${counted(here.jobs, 'job')} per thread)`
    : ''
  return `${what} for ${boards} boards${share}`
}

/** What a person reads of an event that is no outcome; null for what the progress line says. */
export type EventText = (event: RunEvent) => string | null

/** With `debug`, every step of every machine; without, each loss once, however often it is tried again. */
export function createEventText(debug: boolean): EventText {
  /** By machine, why it is lost. */
  const lost = new Map<string, string>()
  /** By provider, what was said of it last. */
  const providers = new Map<string, string>()

  function machineText({ machine, phase, detail }: MachineChanged): string | null {
    const isNews = phase === 'lost' && lost.get(machine) !== detail
    if (phase === 'lost') lost.set(machine, detail)
    if (phase === 'ready' && lost.delete(machine)) return `${machine}: back`
    if (isNews) return `${machine}: lost: ${detail} (it is tried again)`
    if (!debug && phase !== 'left out') return null
    return detail === '' ? `${machine}: ${phase}` : `${machine}: ${phase}: ${detail}`
  }

  return (event) => {
    switch (event.type) {
      case 'note':
        return event.machine === '' ? event.text : `${event.machine}: ${event.text}`
      case 'machine-changed':
        return machineText(event)
      case 'provider-changed': {
        const { provider, phase, detail } = event
        const text = `${provider}: ${phase}: ${detail}${whenText(event)}`
        const isNews = providers.get(provider) !== text
        providers.set(provider, text)
        return isNews ? text : null
      }
      case 'build-dropped': {
        const { board, machine, why, reason } = event
        return debug ? `${machine}: ${board}: ${why}${reason === '' ? '' : `: ${reason}`}` : null
      }
      default:
        return null
    }
  }
}

/** When a provider's machines come, or have to go. */
function whenText({ startsAt = 0, endsAt = 0 }: ProviderChanged): string {
  if (startsAt > 0) return `, expected at ${timeOfDay(startsAt)}`
  return endsAt > 0 ? `, until ${timeOfDay(endsAt)}` : ''
}

/** What a board complained about, headed by the machine where that is another one. */
export function complaintLines(machine: string, stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const isHeaded = machine !== LOCAL && machine !== '' && lines.length > 0
  return isHeaded ? [`[${machine}]`, ...lines] : lines
}

/** As buildman's last line, and the counts below it. */
export function endLines(state: RunState): string[] {
  const { ok, warnings, failed } = state.counts
  const marks = markCounts(state)
  const { previously, asBefore, reconfigured } = state
  const built = ok + warnings + failed
  const newly = built - previously - asBefore
  const seconds = Math.max(0.001, (state.finishedAt - state.startedAt) / 1000)
  const parts = [
    ...(previously > 0 ? [`${previously} previously`] : []),
    ...(asBefore > 0 ? [`${asBefore} as before`] : []),
    ...(newly > 0 && previously + asBefore + reconfigured > 0 ? [`${newly} newly`] : []),
    ...(reconfigured > 0 ? [`${reconfigured} reconfig`] : []),
  ]
  const total = `${built} total built${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
  const rate = (newly / seconds).toFixed(2)
  return [
    `Completed: ${total}, duration ${longClockText(seconds)}, rate ${rate}`,
    ...(asBefore > 0
      ? [
          `${counted(asBefore, 'build')} not run: their commits change no file that they are built from`,
        ]
      : []),
    ...sharedLines(state),
    `${marks.ok} ok, ${marks.warnings} with warnings, ${failed} failed, ${marks['not built']} not built${noBootText(marks['no boot'])}`,
  ]
}

/** How much machines had from each other. */
function sharedLines({ machines }: RunState): string[] {
  const taken = machines.filter(({ sharedHits }) => sharedHits > 0)
  if (taken.length === 0) return []
  const by = taken.map(({ name, sharedHits }) => `${name} ${sharedHits}`)
  return [`compiles taken from other machines: ${by.join(', ')}`]
}

function noBootText(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ', 1 does not boot' : `, ${count} do not boot`
}

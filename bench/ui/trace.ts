import { readFile } from 'node:fs/promises'

/**
 * Figures of a recording of Chromium's main thread in one page, in milliseconds of that thread's own
 * time: what other programs take from a shared machine is not in them.
 */
export type TraceFigures = {
  readonly frames: number
  /** Script from one frame that was drawn to the next. */
  readonly scriptPerFrame: Percentiles
  readonly longestTask: number
  readonly tasksOver50: number
  /** Share of the time that the thread was busy, and the sum. */
  readonly busy: number
  readonly total: number
  /** From a key to the end of the frame that shows what it did. */
  readonly perKey: Percentiles
}

export type Percentiles = { readonly p50: number; readonly p95: number; readonly max: number }

export const traceCategories = ['toplevel', 'devtools.timeline', 'v8', '__metadata'] as const

type TraceEvent = {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  /** Microseconds of the thread's own time. */
  readonly tdur?: number
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } }
}

/** What runs the page's JavaScript, by the names of Chromium's timeline. */
const scriptNames: ReadonlySet<string> = new Set([
  'EvaluateScript',
  'FireAnimationFrame',
  'FunctionCall',
  'RunMicrotasks',
  'TimerFire',
  'MajorGC',
  'MinorGC',
  'v8.callFunction',
])

/** Reads what `contentTracing` wrote, for the main thread of the process of a page. */
export async function readTrace(file: string, pid: number): Promise<TraceFigures> {
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as {
    traceEvents: readonly TraceEvent[]
  }
  const thread = traceEvents.find(
    ({ name, args, pid: process }) =>
      process === pid && name === 'thread_name' && args?.name === 'CrRendererMain',
  )
  const own = traceEvents
    .filter(({ pid: process, tid }) => process === pid && tid === thread?.tid)
    .sort((a, b) => a.ts - b.ts)
  const tasks = own.filter(({ name, ph }) => name === 'ThreadControllerImpl::RunTask' && ph === 'X')
  const frames = own.filter(({ name }) => name === 'Layerize').map(({ ts }) => ts)
  const script = outermost(own.filter(({ name, ph }) => ph === 'X' && scriptNames.has(name)))
  const durations = tasks.map(ownMs)
  const total = durations.reduce((sum, duration) => sum + duration, 0)
  const span = ((tasks.at(-1)?.ts ?? 0) - (tasks[0]?.ts ?? 0)) / 1000
  return {
    frames: frames.length,
    scriptPerFrame: percentiles(perFrame(script, frames)),
    longestTask: Math.max(0, ...durations),
    tasksOver50: durations.filter((duration) => duration > 50).length,
    busy: total / Math.max(1, span),
    total,
    perKey: percentiles(perKey(own, tasks)),
  }
}

function perKey(own: readonly TraceEvent[], tasks: readonly TraceEvent[]): readonly number[] {
  return own
    .filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown')
    .map(({ ts: pressed }) => {
      const shown = own.find(({ name, ts }) => name === 'Layerize' && ts > pressed)
      const end = (shown?.ts ?? pressed) + (shown?.dur ?? 0)
      return tasks
        .filter(({ ts, dur = 0 }) => ts + dur > pressed && ts < end)
        .reduce((sum, task) => sum + ownMs(task), 0)
    })
}

function ownMs({ tdur, dur = 0 }: TraceEvent): number {
  return (tdur ?? dur) / 1000
}

/** Calls that run within others are counted with those. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  let end = 0
  return events.filter(({ ts, dur = 0 }) => {
    if (ts < end) return false
    end = ts + dur
    return true
  })
}

function perFrame(script: readonly TraceEvent[], frames: readonly number[]): readonly number[] {
  const sums = new Array<number>(Math.max(0, frames.length - 1)).fill(0)
  let frame = 0
  for (const call of script) {
    while ((frames[frame + 1] ?? Number.POSITIVE_INFINITY) <= call.ts) frame += 1
    if (call.ts >= (frames[0] ?? 0) && frame < sums.length) {
      sums[frame] = (sums[frame] ?? 0) + ownMs(call)
    }
  }
  return sums
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 }
}

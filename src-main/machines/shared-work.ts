import { unlessAborted } from '../unless-aborted.ts'

/**
 * Joins the work that is under way for `key`, or starts it. It goes on for as long as anybody waits
 * for it, whoever asked first; then the signal that it was given is aborted.
 */
export type SharedWork<T> = (
  key: string,
  signal: AbortSignal,
  start: (until: AbortSignal) => Promise<T>,
) => Promise<T>

type Work<T> = { readonly result: Promise<T>; readonly stop: AbortController; waiting: number }

export function createSharedWork<T>(): SharedWork<T> {
  const underWay = new Map<string, Work<T>>()
  const forget = (key: string, work: Work<T>) => {
    if (underWay.get(key) === work) underWay.delete(key)
  }

  function begin(key: string, start: (until: AbortSignal) => Promise<T>): Work<T> {
    const stop = new AbortController()
    const work: Work<T> = { result: start(stop.signal), stop, waiting: 0 }
    underWay.set(key, work)
    const over = () => forget(key, work)
    work.result.then(over, over)
    return work
  }

  return async (key, signal, start) => {
    signal.throwIfAborted()
    const work = underWay.get(key) ?? begin(key, start)
    work.waiting++
    try {
      return await unlessAborted(work.result, signal)
    } finally {
      if (--work.waiting === 0) {
        forget(key, work)
        work.stop.abort(new Error('nobody waits for it any more'))
      }
    }
  }
}

import { fail, type Result } from '../../src-core/result.ts'

/**
 * Each call ends the one before it, whose answer nobody waits for any more: a person who clicks quickly would
 * queue work else. What was ended says so.
 */
export function newestOnly<Args, Value>(
  answer: (args: Args, signal: AbortSignal) => Promise<Result<Value>>,
): (args: Args) => Promise<Result<Value>> {
  let newest = new AbortController()
  return async (args) => {
    newest.abort()
    const mine = new AbortController()
    newest = mine
    try {
      return await answer(args, mine.signal)
    } catch (error) {
      if (mine.signal.aborted) return fail('Something newer was asked for instead')
      throw error
    }
  }
}

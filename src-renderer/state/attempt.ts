import { fail, type Problem, type Result } from '../../src-core/result.ts'

/**
 * A request's result with a surprise (a handler that threw, a bridge that is gone) turned into
 * words, so that a view has one way to show what went wrong.
 */
export async function attempt<T>(what: string, request: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await request
  } catch (error) {
    return fail(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The same for a request whose reply is the value itself. */
export function attemptPlain<T>(what: string, request: Promise<T>): Promise<Result<T>> {
  return attempt(
    what,
    request.then((value) => ({ ok: true, value })),
  )
}

/** Something that is fetched: not asked for yet, under way, there, or failed with a reason. */
export type Loadable<T> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly problem: Problem }

export function loaded<T>(result: Result<T>): Loadable<T> {
  return result.ok
    ? { status: 'ready', value: result.value }
    : { status: 'failed', problem: result.problem }
}

/** An expected failure, in words for a person. */
export type Problem = {
  /** What failed, on which machine or file. */
  readonly what: string
  /** What to do about it; empty if there is nothing to say. */
  readonly hint: string
}

/** The answer of anything that can fail in an expected way. Surprises throw instead. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail(what: string, hint = ''): Result<never> {
  return { ok: false, problem: { what, hint } }
}

/** What failed and what can be done about it, where there is room for a sentence or two. */
export function problemText({ what, hint }: Problem): string {
  if (hint === '') return what
  return /[.!?:…]$/.test(what) ? `${what} ${hint}` : `${what}. ${hint}`
}

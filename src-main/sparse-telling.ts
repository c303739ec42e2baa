/** The window is told of a state no more often than this, milliseconds. */
const tellEveryMs = 150

/** Tells of a state that changes often: with `soon` once for all changes of a while, with `now` at once. */
export function sparseTelling(tell: () => void) {
  let timer: ReturnType<typeof setTimeout> | null = null

  function now(): void {
    if (timer) clearTimeout(timer)
    timer = null
    tell()
  }

  return {
    now,
    soon(): void {
      timer ??= setTimeout(now, tellEveryMs)
    },
  }
}

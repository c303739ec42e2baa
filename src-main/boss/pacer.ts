/** Calls at most once in `ms` milliseconds; what comes sooner is dropped. */
export function createPacer(ms: number): (call: () => void) => void {
  let last = Number.NEGATIVE_INFINITY
  return (call) => {
    const now = performance.now()
    if (now - last < ms) return
    last = now
    call()
  }
}

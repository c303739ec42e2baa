/** The worker lives only while it is fed: any message counts, silence for too long is the boss's death. */
export type Feed = { readonly fed: () => void; readonly close: () => void }

/** Uses the clock that no clock jump moves. */
export function createFeed(timeoutMs: number, onStarved: () => void): Feed {
  let last = performance.now()
  const timer = setInterval(
    () => {
      if (performance.now() - last >= timeoutMs) onStarved()
    },
    Math.min(1000, timeoutMs / 4),
  )
  return {
    fed() {
      last = performance.now()
    },
    close: () => clearInterval(timer),
  }
}

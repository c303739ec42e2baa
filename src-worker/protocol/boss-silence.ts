/** A worker lives only while its boss speaks: silence for too long is taken for the boss's death. */
export type BossSilence = {
  /** The boss said something, whatever it was. */
  readonly heard: () => void
  readonly close: () => void
}

/** Calls `onSilence` after `timeoutMs` without a word. Its clock is one that no clock jump moves. */
export function watchForSilence(timeoutMs: number, onSilence: () => void): BossSilence {
  let last = performance.now()
  const timer = setInterval(
    () => {
      if (performance.now() - last >= timeoutMs) onSilence()
    },
    Math.min(1000, timeoutMs / 4),
  )
  return {
    heard() {
      last = performance.now()
    },
    close: () => clearInterval(timer),
  }
}

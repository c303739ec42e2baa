import type { Output } from './output.ts'
import { terminalLine } from './terminal-text.ts'

/** A last line that is written over, below lines that stay. Where there is no terminal, only those. */
export type StatusLine = {
  /** Whether there is a line to write over. */
  readonly isLive: boolean
  say(text: string): void
  /** What is shown may have changed. */
  change(): void
  /** Takes the line away for good. */
  end(): void
}

/** Milliseconds between two drawings: more often than an eye can follow, it only costs. */
const drawMs = 100
/** It has a time in it, so it is drawn when nothing happens, too. */
const idleMs = 1000

export function createStatusLine(output: Output, content: () => string): StatusLine {
  const isLive = output.columns() > 0
  let drawnAt = Number.NEGATIVE_INFINITY
  let ended = false
  let soon: ReturnType<typeof setTimeout> | undefined
  const timer = isLive ? setInterval(draw, idleMs) : undefined

  function draw(): void {
    const columns = output.columns()
    if (ended || columns === 0) return
    clearTimeout(soon)
    soon = undefined
    drawnAt = performance.now()
    // One column less, since some terminals wrap at the last.
    output.erase()
    output.err(terminalLine(content()).slice(0, columns - 1))
  }

  return {
    isLive,
    say(text) {
      if (isLive) output.erase()
      output.err(`${terminalLine(text)}\n`)
      if (isLive) draw()
    },
    change() {
      if (!isLive || soon !== undefined) return
      const wait = drawnAt + drawMs - performance.now()
      if (wait <= 0) draw()
      else soon = setTimeout(draw, wait)
    },
    end() {
      clearInterval(timer)
      if (soon !== undefined) draw()
      if (isLive && !ended) output.erase()
      ended = true
    },
  }
}

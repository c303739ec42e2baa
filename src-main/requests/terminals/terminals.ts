import { spawn } from 'node-pty'
import type { OpenTerminal } from '../../../src-preload/contract.ts'

/** A program to run in a terminal. */
export type TerminalCommand = {
  readonly title: string
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** What runs in a terminal. */
export interface TerminalProcess {
  onData(listener: (text: string) => void): void
  onExit(listener: (end: { readonly exitCode: number }) => void): void
  write(text: string): void
  resize(cols: number, rows: number): void
  pause(): void
  resume(): void
  kill(): void
}

export type TerminalEvents = {
  data(id: string, text: string): void
  exit(id: string, code: number): void
}

/** The terminals of one window. */
export type Terminals = {
  /** Starts a command; rejects nothing, throws where the program can't be started. */
  open(command: TerminalCommand): string
  /** Shows what has been started already. */
  adopt(title: string, process: TerminalProcess): string
  write(id: string, text: string): void
  resize(id: string, cols: number, rows: number): void
  /** `chars` more have been drawn. */
  acknowledge(id: string, chars: number): void
  close(id: string): Promise<void>
  closeAll(): Promise<void>
  readonly running: number
  /** Hands them over to a page that was loaded anew: what the one before has not drawn is not waited for. */
  handOver(): readonly OpenTerminal[]
}

/**
 * Characters on their way to the window at which a program is paused, and resumed again.
 * xterm.js draws 5 to 35 MB a second and throws away what exceeds 50 MB waiting.
 */
const pauseAt = 2_000_000
const resumeAt = 200_000

/** Milliseconds that a closed terminal gets to end before the app goes on without it. */
const patience = 1000

/** Characters of what a program said that are kept, to be shown again. */
const mostKept = 200_000

type Open = {
  readonly title: string
  readonly pty: TerminalProcess
  said: string
  waiting: number
  paused: boolean
  readonly ended: Promise<void>
}

export function createTerminals(events: TerminalEvents): Terminals {
  const open = new Map<string, Open>()
  let count = 0

  function start({ title, file, args, cwd, env }: TerminalCommand): string {
    const options = { name: 'xterm-256color', cwd, env: { ...env } }
    return adopt(title, spawn(file, [...args], options))
  }

  function adopt(title: string, pty: TerminalProcess): string {
    const id = `terminal-${++count}`
    const ended = new Promise<void>((resolve) => {
      pty.onExit(({ exitCode }) => {
        open.delete(id)
        resolve()
        events.exit(id, exitCode)
      })
    })
    const terminal: Open = { title, pty, said: '', waiting: 0, paused: false, ended }
    open.set(id, terminal)
    pty.onData((text) => {
      terminal.waiting += text.length
      terminal.said += text
      // Not at each chunk: a copy of all that is kept takes longer than the chunk.
      if (terminal.said.length > 2 * mostKept) terminal.said = terminal.said.slice(-mostKept)
      if (!terminal.paused && terminal.waiting > pauseAt) {
        terminal.paused = true
        pty.pause()
      }
      events.data(id, text)
    })
    return id
  }

  function acknowledge(id: string, chars: number): void {
    const terminal = open.get(id)
    if (!terminal) return
    terminal.waiting = Math.max(0, terminal.waiting - chars)
    if (terminal.paused && terminal.waiting < resumeAt) {
      terminal.paused = false
      terminal.pty.resume()
    }
  }

  function handOver(): readonly OpenTerminal[] {
    return [...open].map(([id, { title, said, waiting }]) => {
      const text = said.slice(-mostKept)
      acknowledge(id, waiting)
      return { id, title, text }
    })
  }

  /** Quitting with a live pty aborts the process (seen in 1 of 6), so its end is awaited. */
  async function close(id: string): Promise<void> {
    const terminal = open.get(id)
    if (!terminal) return
    terminal.pty.kill()
    await Promise.race([terminal.ended, new Promise((resolve) => setTimeout(resolve, patience))])
  }

  return {
    open: start,
    adopt,
    write: (id, text) => open.get(id)?.pty.write(text),
    resize: (id, cols, rows) => open.get(id)?.pty.resize(cols, rows),
    acknowledge,
    handOver,
    close,
    closeAll: async () => {
      await Promise.all([...open.keys()].map(close))
    },
    get running() {
      return open.size
    },
  }
}

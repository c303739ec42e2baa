/**
 * A shell that runs the programs of a slot's builds, one after the other. To start a program costs this
 * process milliseconds in which it can do nothing else, since the system copies the maps of all its
 * memory, and a shell next to nothing.
 */
import type { ChildProcess } from 'node:child_process'

/** How a program ended: `problem` where the shell could not be started. */
export type ShellEnding = {
  /** Exit code; as a shell says it, 128 + number for a signal, and 127 for a program that is not there. */
  readonly code: number
  readonly problem: string
}

/** Of one build. A shell that was ended, or can't go on with its programs, is replaced. */
export type SlotShell = {
  /** What the program says is added to files. One at a time. */
  readonly run: (output: ShellOutput, argv: readonly string[]) => Promise<ShellEnding>
  /** CPU time of what was run so far, milliseconds. */
  readonly spentMs: () => number
}

export type ShellOutput = { readonly stdout: string; readonly stderr: string }

/** One process. */
export type StartedShell = {
  readonly run: (words: readonly string[]) => Promise<ShellEnding & { readonly cpuMs: number }>
  /** Ends once nothing runs. */
  readonly end: () => void
  readonly isOver: () => boolean
}

/**
 * Reads how many words there are, then each of them, a line a word: two files and a command. Words stay
 * words, whatever is in them. On one line, so that what it complains of stands in line 1, whatever it is.
 */
const script = `
while IFS= read -r slipway_count; do
set --;
while [ $# -lt "$slipway_count" ]; do IFS= read -r slipway_word || exit; set -- "$@" "$slipway_word"; done;
slipway_out=$1; slipway_err=$2; slipway_code=126; shift 2;
hash -r;
{ "$@" </dev/null; slipway_code=$?; } >>"$slipway_out" 2>>"$slipway_err";
times; echo "= $slipway_code";
done`

/** The program to start: with two pipes as stdin and stdout. */
export const shellArgv = ['/bin/sh', '-c', script.replaceAll('\n', ' '), 'slipway-make']

/** @param there the slot's shell as it is now: it may be another one each time */
export function shellOfBuild(there: () => StartedShell): SlotShell {
  let spentMs = 0
  return {
    async run({ stdout, stderr }, argv) {
      const { cpuMs, ...ending } = await there().run([stdout, stderr, ...argv])
      spentMs += cpuMs
      return ending
    },
    spentMs: () => spentMs,
  }
}

/** @param child runs `shellArgv`; without a free descriptor it has no pipes */
export function openSlotShell(
  { stdin, stdout }: Pick<ChildProcess, 'stdin' | 'stdout'>,
  ended: Promise<ShellEnding>,
): StartedShell {
  let said = ''
  let tell: (code: number, problem: string, cpuMs: number) => void = () => {}
  let over = false
  let spentMs = 0
  stdin?.on('error', () => {})
  stdout?.on('error', () => {})
  stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1')
    const code = /^= (\d+)\n/m.exec(said)?.[1]
    if (code === undefined) return
    const before = spentMs
    spentMs = cpuMilliseconds(said)
    said = ''
    tell(Number(code), '', spentMs - before)
  })
  void ended.then(({ code, problem }) => {
    over = true
    // It does not end by itself: whatever it ran is not well by that.
    tell(code || 1, problem, 0)
  })
  return {
    async run(words) {
      const broken = words.find((word) => word.includes('\n'))
      if (broken !== undefined) throw new Error(`a command can't have a line end in it: ${broken}`)
      return new Promise((resolve) => {
        tell = (code, problem, cpuMs) => resolve({ code, problem, cpuMs })
        stdin?.write(`${words.length}\n${words.join('\n')}\n`)
      })
    },
    end: () => void stdin?.end(),
    isOver: () => over,
  }
}

/** Milliseconds of CPU that a shell's `times` tells of, user and system. */
export function cpuMilliseconds(times: string): number {
  const parts = [...times.matchAll(/(\d+)m([\d.]+)s/g)]
  return Math.round(parts.reduce((sum, [, m, s]) => sum + Number(m) * 60_000 + Number(s) * 1000, 0))
}

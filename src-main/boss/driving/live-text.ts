import type { WorkerMessage } from '../../../src-worker/protocol/protocol.ts'

type Chunk = Extract<WorkerMessage, { resp: 'log_chunk' }>

type Build = {
  readonly board: string
  readonly upto: number
  /** The machine whose words are shown; two may build one board at once. */
  machine: string
  /** Where the next chunk of a stream should begin, in bytes. */
  readonly next: { stdout: number; stderr: number }
}

/** The output of the builds that somebody looks at, put together from what machines send of it. */
export class LiveText {
  readonly #holds: (machine: string, board: string) => boolean
  readonly #builds = new Map<string, Build>()

  /** `holds`: whether a board is in a machine's hands; nobody else has to tell of it. */
  constructor(holds: (machine: string, board: string) => boolean) {
    this.#holds = holds
  }

  watch(board: string, upto: number, on: boolean): void {
    if (on) this.#builds.set(keyOf(board, upto), newBuild(board, upto, ''))
    else this.#builds.delete(keyOf(board, upto))
  }

  builds(): Iterable<{ readonly board: string; readonly upto: number }> {
    return this.#builds.values()
  }

  /** What is to be shown of a chunk; empty if nothing. Says how much is missing before it. */
  take(machine: string, { board, commit_upto: upto, stream, offset, text }: Chunk): string {
    const build = this.#buildOf(machine, board, upto)
    if (!build) return ''
    const missing = offset - build.next[stream]
    // What is no UTF-8 is longer as text than it was: so nothing seems to be missing that is there.
    build.next[stream] = offset + Buffer.byteLength(text)
    return missing > 0 ? `\n[slipway: ${missing} bytes left out here]\n${text}` : text
  }

  #buildOf(machine: string, board: string, upto: number): Build | undefined {
    const build = this.#builds.get(keyOf(board, upto))
    if (!build || !this.#holds(machine, board)) return undefined
    if (build.machine === machine) return build
    if (this.#holds(build.machine, board)) return undefined
    const other = newBuild(board, upto, machine)
    this.#builds.set(keyOf(board, upto), other)
    return other
  }
}

function newBuild(board: string, upto: number, machine: string): Build {
  return { board, upto, machine, next: { stdout: 0, stderr: 0 } }
}

function keyOf(board: string, upto: number): string {
  return `${board}\n${upto}`
}

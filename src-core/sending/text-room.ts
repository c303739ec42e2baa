import type { BuildRecord, LogStream } from '../build/build-record.ts'
import type { RunFileBuild } from './run-file.ts'

/** Characters of what all builds said that went wrong or warned, and of all other texts. */
const roomForProblems = 96 * 1024 * 1024
const roomForOthers = 24 * 1024 * 1024

/** Of one build at least so much, however many there are. */
const shortestShare = 32 * 1024

const streamOf: Readonly<Record<string, LogStream>> = { log: 'stdout', err: 'stderr' }

/**
 * Shares the room for texts in the file of a run out to its builds: first to what went wrong, and what is left to
 * the logs of builds that passed, as they are asked for.
 */
export class TextRoom {
  /** Of one build. */
  readonly #share: number
  #left = roomForOthers

  /** @param builds that failed or warned */
  constructor(builds: number) {
    this.#share = Math.max(shortestShare, Math.floor(roomForProblems / Math.max(1, builds)))
  }

  /** @param textOf the text of that name in the build's folder; empty without */
  take(
    record: BuildRecord,
    textOf: (name: string) => string,
  ): Pick<RunFileBuild, 'record' | 'texts' | 'logLeftOut'> {
    const texts: Record<string, string> = {}
    const cut = new Set(record.truncated)
    const put = (name: string, longest: number) => {
      const text = textOf(name)
      const shown = shortened(text, longest)
      const stream = streamOf[name]
      if (shown !== text && stream) cut.add(stream)
      if (shown !== '') texts[name] = shown
    }
    const hasFailed = record.outcome === 'failed'
    const others = ['toolchain', 'out-cmd', ...(hasFailed ? [] : ['log'])]
    put('err', hasFailed ? this.#share / 2 : this.#share)
    if (hasFailed) put('log', this.#share - (texts.err ?? '').length)
    for (const name of others) if (this.#hasRoom(textOf(name))) put(name, this.#share)
    const logLeftOut = texts.log === undefined && textOf('log') !== ''
    return { record: { ...record, truncated: [...cut] }, texts, logLeftOut }
  }

  #hasRoom(text: string): boolean {
    if (text.length > this.#left) return false
    this.#left -= text.length
    return true
  }
}

/** Its beginning and, three times as much, its end, with the words between them that a worker has for that. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text
  const start = text.slice(0, Math.floor(longest / 4))
  const end = text.slice(-Math.floor((3 * longest) / 4))
  return `${start}\n[slipway: ${text.length - start.length - end.length} bytes left out here]\n${end}`
}

import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { deferred } from '../../../src-core/basics/deferred.ts'
import type { Commit } from '../../../src-core/model.ts'
import type { WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import { messageOf } from '../../error-text.ts'

type Chunk = Extract<WorkerMessage, { resp: 'output_chunk' }>
type End = Extract<WorkerMessage, { resp: 'output_end' }>

/** Brings home what builds with `-k` left on their machines. */
export type KeptOutputs = {
  /** Something is on its way for this build. */
  expect(machine: string, board: string, commit: Commit): void
  chunk(machine: string, message: Chunk): void
  end(machine: string, message: End): void
  /** Nothing more comes from this machine. */
  lost(machine: string): void
  /** Settles when everything expected has come, or is known not to. */
  settled(): Promise<void>
}

/**
 * @param folderOf the folder of a build's results
 * @param onProblem told what could not be brought home, in words
 */
export function createKeptOutputs(
  folderOf: (board: string, commit: Commit) => string,
  onProblem: (machine: string, text: string) => void,
): KeptOutputs {
  const expected = new Map<string, { folder: string; work: Promise<void>; done: () => void }>()
  const all = new Set<Promise<void>>()
  const keyOf = (machine: string, board: string, upto: number) => `${machine}\n${board}\n${upto}`

  /** Nothing more comes for it; it is done when what came is written. */
  function finish(key: string): void {
    const entry = expected.get(key)
    expected.delete(key)
    void entry?.work.then(entry.done)
  }

  return {
    expect(machine, board, commit) {
      const { promise, resolve } = deferred()
      const folder = folderOf(board, commit)
      expected.set(keyOf(machine, board, commit.upto), {
        folder,
        work: Promise.resolve(),
        done: resolve,
      })
      all.add(promise)
      void promise.then(() => all.delete(promise))
    },
    chunk(machine, message) {
      const entry = expected.get(keyOf(machine, message.board, message.commit_upto))
      if (!entry) return
      entry.work = entry.work
        .then(() => writeChunk(entry.folder, message))
        .catch((error: unknown) =>
          onProblem(machine, `${message.board}: ${message.path}: ${messageOf(error)}`),
        )
    },
    end(machine, message) {
      const key = keyOf(machine, message.board, message.commit_upto)
      if (message.problem !== '') onProblem(machine, `${message.board}: ${message.problem}`)
      finish(key)
    },
    lost(machine) {
      for (const key of [...expected.keys()]) {
        const [owner, board] = key.split('\n')
        if (owner !== machine) continue
        onProblem(machine, `${board}: the machine was gone before all of it came`)
        finish(key)
      }
    },
    settled: async () => {
      await Promise.all(all)
    },
  }
}

/** Chunks of one file come in order; the file has its name only once it is whole. */
async function writeChunk(folder: string, { path, offset, size, data }: Chunk): Promise<void> {
  const inside = normalize(path)
  if (isAbsolute(inside) || inside.split('/').includes('..')) {
    throw new Error('a machine may not name a place outside the folder of the build')
  }
  const target = join(folder, inside)
  const partial = `${target}.partial`
  await mkdir(dirname(target), { recursive: true })
  const bytes = Buffer.from(data, 'base64')
  if (offset === 0) await rm(partial, { force: true })
  const file = await open(partial, 'a')
  try {
    await file.write(bytes)
  } finally {
    await file.close()
  }
  if (offset + bytes.length >= size) await rename(partial, target)
}

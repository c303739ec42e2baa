/** A tree's boards, listed in a thread so that nothing else has to wait. */
import { Worker } from 'node:worker_threads'
import { fail, type Result } from '../../../src-core/result.ts'
import type { TreeBoards } from './board-list.ts'

export type ListOptions = {
  /** Where the app keeps what can be made again. */
  readonly cacheDir: string
  /** The bundled `scan-boards.ts`. */
  readonly threadFile: string | URL
  readonly signal?: AbortSignal | undefined
}

/** A scan of a large tree from a slow disk takes seconds; after this many milliseconds something is wrong. */
const longestScan = 120_000

/** Megabytes; U-Boot takes a tenth of it. */
const mostMemory = 1024

/**
 * Lists the boards in the order of buildman's boards.cfg. The second time it takes as long as looking
 * at the times of the tree's files.
 * @throws the signal's reason when it aborts
 */
export async function listBoards(
  treeDir: string,
  options: ListOptions,
): Promise<Result<TreeBoards>> {
  const { cacheDir, threadFile, signal } = options
  signal?.throwIfAborted()
  const thread = new Worker(threadFile, {
    workerData: { treeDir, cacheDir },
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  })
  const limit = AbortSignal.timeout(longestScan)
  try {
    return await answerOf(thread, signal ? AbortSignal.any([signal, limit]) : limit)
  } catch (error) {
    if (limit.aborted && !signal?.aborted) {
      return fail(`The boards of ${treeDir} were not listed within ${longestScan / 1000} s.`)
    }
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return fail(`The boards of ${treeDir} take more than ${mostMemory} MB to list.`)
    }
    throw error
  } finally {
    await thread.terminate()
  }
}

function answerOf(thread: Worker, signal: AbortSignal): Promise<Result<TreeBoards>> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the scan's thread ended with ${code}`)))
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

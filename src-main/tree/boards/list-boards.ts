/** A tree's boards, listed in a thread so that nothing else has to wait. */
import { Worker } from 'node:worker_threads'
import { fail, type Result } from '../../../src-core/result.ts'
import type { TreeBoards } from './board-list.ts'
import { createStuckScanCheck, mostIdleLooks } from './stuck-scan.ts'

export type ListOptions = {
  /** Where the app keeps what can be made again. */
  readonly cacheDir: string
  /** The bundled `scan-boards.ts`. */
  readonly threadFile: string | URL
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds between two looks at the scan. */
const lookEvery = 5000

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
  // However long a scan takes on a slow disk or a busy computer: it is well as long as it goes on.
  const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const thread = new Worker(threadFile, {
    workerData: { treeDir, cacheDir, progress },
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  })
  const stuck = watchProgress(progress)
  try {
    return await answerOf(thread, AbortSignal.any(signal ? [signal, stuck.signal] : [stuck.signal]))
  } catch (error) {
    if (stuck.signal.aborted && !signal?.aborted) {
      const seconds = (lookEvery * mostIdleLooks) / 1000
      return fail(`Listing the boards of ${treeDir} did not get on for ${seconds} s.`)
    }
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return fail(`The boards of ${treeDir} take more than ${mostMemory} MB to list.`)
    }
    throw error
  } finally {
    stuck.end()
    await thread.terminate()
  }
}

/** Aborts its signal once the scan is stuck. */
function watchProgress(progress: Int32Array): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController()
  const isStuck = createStuckScanCheck()
  const timer = setInterval(() => {
    if (isStuck(Atomics.load(progress, 0))) controller.abort()
  }, lookEvery)
  return { signal: controller.signal, end: () => clearInterval(timer) }
}

function answerOf(thread: Worker, signal: AbortSignal): Promise<Result<TreeBoards>> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the scan's thread ended with ${code}`)))
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

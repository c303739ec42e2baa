/** The thread that lists boards: a program of its own, started by list-boards.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { scanTree } from './scan-tree.ts'

const { treeDir, cacheDir, progress } = z
  .object({
    treeDir: z.string(),
    cacheDir: z.string(),
    progress: z.instanceof(Int32Array),
  })
  .parse(workerData)
parentPort?.postMessage(scanTree(treeDir, cacheDir, () => Atomics.add(progress, 0, 1)))

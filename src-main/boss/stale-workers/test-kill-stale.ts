import type { KillReport } from '../../../src-preload/contract.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import { findWorkers, killWorkers, staleOnes, type WorkerOptions } from './stale-workers.ts'

/**
 * Clears every machine of stale workers, all at once; with `live`, of living ones as well.
 * The machines are in the order of `transports`.
 */
export function killStaleWorkers(
  transports: readonly Transport[],
  options: WorkerOptions & { readonly live?: boolean } = {},
): Promise<KillReport[]> {
  return Promise.all(
    transports.map(async (transport) => {
      const { machine, workers, problem } = await findWorkers(transport, options)
      if (problem !== '') return { machine, killed: 0, problem, left: [] }
      return killWorkers(transport, options.live ? workers : staleOnes(workers), options)
    }),
  )
}

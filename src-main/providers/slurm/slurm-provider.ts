import { linesOf } from '../../../src-core/basics/lines.ts'
import type { SlurmProvider } from '../../../src-core/provider.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { problemOf } from '../../error-text.ts'
import { lastWords } from '../../machines/transport/last-words.ts'
import { describeStatus, run } from '../../machines/transport/run-command.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import type { Lease, LeaseListeners, LeaseRequest, Provider } from '../provider.ts'
import { describeNodes } from './parse-squeue.ts'
import { SlurmLease } from './slurm-lease.ts'
import { isAbandoned, JOB_PREFIX } from './slurm-owner.ts'
import { cancelScript, describeScript, OWN_JOBS_SCRIPT } from './slurm-scripts.ts'

export type SlurmOptions = {
  readonly provider: SlurmProvider
  /** To the login node. */
  readonly connect: () => Promise<Transport>
}

/** Milliseconds in which the cluster is to answer. */
const answerMs = 30_000

/** A Slurm cluster by its own programs on its login node. */
export function slurmProvider({ provider, connect }: SlurmOptions): Provider {
  async function ask(script: string, signal: AbortSignal): Promise<Result<string>> {
    try {
      const { status, stdout, stderr } = await run(await connect(), script, {
        timeoutMs: answerMs,
        signal,
      })
      if (status.kind === 'exit' && status.code === 0) return ok(stdout)
      const why = lastWords(stderr) || `it ${describeStatus(status)}`
      return fail(`Slurm does not answer: ${why}`, 'Do its programs work there? Try: sinfo')
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }
  return {
    config: provider,
    async describe(signal) {
      const answer = await ask(describeScript(provider), signal)
      if (!answer.ok) return answer
      const nodes = describeNodes(answer.value)
      return nodes === ''
        ? fail(`there is no partition ${provider.partition}`, 'Look at: sinfo')
        : ok(`Slurm, nodes: ${nodes}`)
    },
    lease({ nodes, tag }: LeaseRequest, listeners: LeaseListeners): Lease {
      return new SlurmLease({ provider, nodes, name: `${JOB_PREFIX}${tag}`, connect }, listeners)
    },
    async cleanUp(signal) {
      const answer = await ask(OWN_JOBS_SCRIPT, signal)
      if (!answer.ok) return answer
      const abandoned: { readonly id: string; readonly name: string }[] = []
      for (const line of linesOf(answer.value)) {
        const [id = '', name = '', ...comment] = line.split('|')
        const job = { id, name, comment: comment.join('|') }
        if (/^\d{1,12}$/.test(id) && (await isAbandoned(job))) abandoned.push(job)
      }
      if (abandoned.length === 0) return ok([])
      const cancelled = await ask(cancelScript(abandoned.map(({ id }) => id)), signal)
      return cancelled.ok ? ok(abandoned.map(({ name }) => name)) : cancelled
    },
  }
}

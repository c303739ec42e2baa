import { setTimeout as sleep } from 'node:timers/promises'
import type { MachineConfig } from '../../../src-core/model.ts'
import type { SlurmProvider } from '../../../src-core/provider.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { messageOf } from '../../error-text.ts'
import { afterColon, lastWords } from '../../machines/transport/last-words.ts'
import { describeStatus, run } from '../../machines/transport/run-command.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import { givenMachine } from '../given-machine.ts'
import { type Guardian, startGuardian } from '../guardian.ts'
import type { Lease, LeaseListeners } from '../provider.ts'
import { parseJob, type SlurmJob, standOf } from './parse-squeue.ts'
import { ownerComment } from './slurm-owner.ts'
import {
  askScript,
  cancelByHand,
  holdScript,
  RELEASED,
  SALLOC_ENDED,
  stepCommand,
} from './slurm-scripts.ts'

export type SlurmLeaseOptions = {
  readonly provider: SlurmProvider
  readonly nodes: number
  /** Of the job, and of no other. */
  readonly name: string
  /** To the login node. */
  readonly connect: () => Promise<Transport>
}

/** Milliseconds between two questions to the cluster: at first, in a long queue, and while there are nodes. */
const askEvery = { atFirst: 2_000, later: 10_000, given: 5_000 }
const atFirstMs = 60_000

/** In which the cluster is to answer a question. */
const answerMs = 60_000
/** Questions in a row without an answer after which the person is told. */
const silencesTold = 3

/** Milliseconds in which everything is to be given back. */
const giveBackMs = 40_000

/** One allocation of a cluster: asked for, held by a guardian on the login node, and watched. */
export class SlurmLease implements Lease {
  private readonly options: SlurmLeaseOptions
  private readonly listeners: LeaseListeners
  private readonly stop = new AbortController()
  private readonly beganAt = Date.now()
  private guardian: Promise<Guardian> | null = null
  private said = ''
  private released = false
  private given = ''
  private wasGiven = false
  private silences = 0
  private isOver = false
  private waitsFor = ''

  constructor(options: SlurmLeaseOptions, listeners: LeaseListeners) {
    this.options = options
    this.listeners = listeners
    void this.live().catch((error: unknown) => this.end(messageOf(error), true))
  }

  async giveBack(): Promise<Result<void>> {
    this.isOver = true
    this.stop.abort(new Error('given back'))
    const { name } = this.options
    const byHand = `To give it back: ${cancelByHand(name)}`
    const guardian = await this.guardian?.catch(() => null)
    if (!guardian) return ok(undefined)
    const end = await guardian.dismiss(giveBackMs)
    if (this.released) return ok(undefined)
    const why = end === null ? `it took more than ${giveBackMs / 1000} s` : describeStatus(end)
    return fail(`The allocation ${name} may still be held: giving it back ${why}`, byHand)
  }

  private async live(): Promise<void> {
    const { provider, nodes, name, connect } = this.options
    const [transport, owner] = await Promise.all([connect(), ownerComment()])
    if (this.stop.signal.aborted) return
    this.guardian = startGuardian(transport, holdScript(provider, { nodes, name, owner }), (line) =>
      this.hear(line),
    )
    const guardian = await this.guardian
    void guardian.ended.then((status) => {
      const words = lastWords(this.said)
      this.end(`what holds its allocation ${describeStatus(status)}${afterColon(words)}`, true)
    })
    this.tellWaiting('asked for', 0)
    while (!this.isOver) {
      await sleep(this.pause(), undefined, { signal: this.stop.signal }).catch(() => {})
      if (!this.isOver) await this.look(transport)
    }
  }

  private pause(): number {
    if (this.given !== '') return askEvery.given
    return Date.now() - this.beganAt < atFirstMs ? askEvery.atFirst : askEvery.later
  }

  /** Of `salloc`, which says why it is refused. */
  private hear(line: string): void {
    if (line === RELEASED) this.released = true
    if (!line.startsWith(SALLOC_ENDED)) {
      this.said = `${this.said}\n${line}`.slice(-4000)
      return
    }
    if (line === `${SALLOC_ENDED}0` || this.wasGiven) return
    const words = lastWords(this.said.replace(/^(?:salloc: )?(?:error: )?/gm, ''))
    this.end(`Slurm refused the request${afterColon(words)}`, false)
  }

  private async look(transport: Transport): Promise<void> {
    const { provider, name } = this.options
    const { signal } = this.stop
    const answer = await run(transport, askScript(provider, name), {
      timeoutMs: answerMs,
      signal,
    }).catch((error: unknown) => messageOf(error))
    if (this.isOver) return
    if (typeof answer === 'string') return this.noteSilence(answer)
    const { status, stdout, stderr } = answer
    if (status.kind !== 'exit' || status.code !== 0)
      return this.noteSilence(lastWords(stderr) || describeStatus(status))
    this.silences = 0
    this.judge(parseJob(stdout))
  }

  private noteSilence(why: string): void {
    this.silences += 1
    if (this.silences === silencesTold) this.tellWaiting(`Slurm does not answer: ${why}`, 0)
    this.checkPatience(why)
  }

  private judge(job: SlurmJob | null): void {
    const stand = job ? standOf(job.state) : this.wasGiven ? 'over' : 'waits'
    if (stand === 'over') {
      const how = job ? `${job.state}${afterColon(job.reason)}` : 'Slurm does not know it any more'
      this.end(`its allocation ended: ${how}`, true)
    } else if (stand === 'runs' && job) this.give(job)
    else {
      this.tellWaiting(waitText(job), job?.startsAt ?? 0)
      this.checkPatience(job?.reason || 'no reason is known')
    }
  }

  private give(job: SlurmJob): void {
    this.wasGiven = true
    const now = `${job.id} ${job.nodes.join(' ')} ${job.endsAt}`
    if (job.nodes.length === 0 || now === this.given) return
    this.given = now
    const detail = `allocation ${job.id}: ${job.nodes.join(', ')}`
    const machines = job.nodes.map((node) => nodeMachine(this.options.provider, job.id, node))
    this.listeners.gives(machines, detail, job.endsAt)
  }

  private tellWaiting(detail: string, startsAt: number): void {
    const now = `${detail} ${startsAt}`
    if (this.waitsFor === now || this.isOver || this.given !== '') return
    this.waitsFor = now
    this.listeners.waits(detail, startsAt)
  }

  private checkPatience(reason: string): void {
    const { waitMinutes } = this.options.provider
    if (this.wasGiven || Date.now() - this.beganAt < waitMinutes * 60_000) return
    this.end(`it waited ${waitMinutes} min in the queue (${reason})`, false)
  }

  private end(reason: string, again: boolean): void {
    if (this.isOver) return
    this.isOver = true
    this.stop.abort(new Error(reason))
    this.listeners.over(reason, again)
  }
}

function nodeMachine({ name, loginNode }: SlurmProvider, job: string, node: string): MachineConfig {
  const command = stepCommand(job, node)
  return givenMachine(name, node, {
    host: '',
    command,
    ...(loginNode !== '' && { via: loginNode }),
  })
}

function waitText(job: SlurmJob | null): string {
  if (!job) return 'asked for'
  const reason = job.reason === '' ? job.state.toLowerCase() : job.reason
  const place = job.place > 0 ? `, place ${job.place} in the queue` : ''
  return `job ${job.id} waits: ${reason}${place}`
}

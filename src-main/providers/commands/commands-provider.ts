import { listed, plural } from '../../../src-core/basics/words.ts'
import type { CommandsProvider } from '../../../src-core/provider.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { hostProblem, machineNameProblem } from '../../buildman-config/read-machines.ts'
import { messageOf, problemOf } from '../../error-text.ts'
import { afterColon, lastWords } from '../../machines/transport/last-words.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { describeStatus, run } from '../../machines/transport/run-command.ts'
import { givenMachine } from '../given-machine.ts'
import { type Guardian, startGuardian } from '../guardian.ts'
import type { Lease, LeaseListeners, Provider } from '../provider.ts'
import {
  ACQUIRE_ENDED,
  ACQUIRED_LINE,
  holdScript,
  KEPT,
  listScript,
  type OfferedMachine,
  parseOffers,
  RELEASED,
  releaseByHand,
} from './provider-commands.ts'

/** What is waited for beyond the limit of a command, which ends it by itself. Seconds. */
const grace = 10

/** Machines by three commands of the person's on this computer: docs/providers.md. */
export function commandsProvider(provider: CommandsProvider): Provider {
  return {
    config: provider,
    async describe(signal) {
      const offers = await askOffers(provider, signal)
      if (!offers.ok) return offers
      const names = offers.value.map(({ name }) => name)
      if (names.length === 0) return ok('it offers no machine')
      return ok(`${plural(names.length, 'machine')}: ${listed(names)}${costText(offers.value)}`)
    },
    lease: ({ nodes }, listeners) => new CommandsLease(provider, nodes, listeners),
    // Only the commands know what they gave to whom.
    cleanUp: async () => ok([]),
  }
}

async function askOffers(
  provider: CommandsProvider,
  signal: AbortSignal,
): Promise<Result<readonly OfferedMachine[]>> {
  try {
    const { status, stdout, stderr } = await run(localTransport(), listScript(provider), {
      timeoutMs: (provider.limitSeconds + grace) * 1000,
      signal,
    })
    if (status.kind === 'exit' && status.code === 0) return ok(parseOffers(stdout))
    const why = afterColon(lastWords(stderr))
    return fail(`its command for list ${describeStatus(status)}${why}`, `Try: ${provider.list}`)
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

/** Machines that `acquire` gave, held by a guardian on this computer that gives each to `release`. */
class CommandsLease implements Lease {
  private readonly provider: CommandsProvider
  private readonly nodes: number
  private readonly listeners: LeaseListeners
  private readonly stop = new AbortController()
  private readonly names: string[] = []
  private readonly kept: string[] = []
  private guardian: Promise<Guardian> | null = null
  private words = ''
  private released = false
  private isOver = false

  constructor(provider: CommandsProvider, nodes: number, listeners: LeaseListeners) {
    this.provider = provider
    this.nodes = nodes
    this.listeners = listeners
    void this.live().catch((error: unknown) => this.end(messageOf(error)))
  }

  async giveBack(): Promise<Result<void>> {
    this.isOver = true
    this.stop.abort(new Error('given back'))
    const guardian = await this.guardian?.catch(() => null)
    if (!guardian) return ok(undefined)
    // It may be acquiring still, and releases one after the other.
    const seconds = this.provider.limitSeconds * (1 + Math.max(1, this.names.length)) + grace
    await guardian.dismiss(seconds * 1000)
    if (this.released) return ok(undefined)
    const left = this.kept.length > 0 ? this.kept : this.names
    const byHand = left.map((name) => releaseByHand(this.provider, name)).join('; ')
    return fail(`${listed(left) || 'What it gave'} may still be held`, `To give back: ${byHand}`)
  }

  private async live(): Promise<void> {
    this.listeners.waits('asked for', 0)
    const script = holdScript(this.provider, this.nodes)
    this.guardian = startGuardian(localTransport(), script, (line) => this.hear(line))
    const { ended } = await this.guardian
    void ended.then((status) => this.end(`what holds its machines ${describeStatus(status)}`))
  }

  private hear(line: string): void {
    const name = line.startsWith(ACQUIRED_LINE) ? firstWord(line.slice(ACQUIRED_LINE.length)) : ''
    if (name !== '') this.names.push(name)
    else if (line.startsWith(KEPT)) this.kept.push(line.slice(KEPT.length))
    else if (line === RELEASED) this.released = true
    else if (line.startsWith(ACQUIRE_ENDED)) void this.acquired(line.slice(ACQUIRE_ENDED.length))
    else this.words = `${this.words}\n${line}`.slice(-4000)
  }

  private async acquired(status: string): Promise<void> {
    if (status !== '0' || this.names.length === 0) {
      const how =
        status === '124' ? `took more than ${this.provider.limitSeconds} s` : 'gave nothing'
      const code = status === '0' || status === '124' ? '' : ` (status ${status})`
      return this.end(`its command for acquire ${how}${code}${afterColon(lastWords(this.words))}`)
    }
    const offers = await askOffers(this.provider, this.stop.signal)
    if (this.isOver) return
    // Where the list says nothing of one, its name is its host.
    const known = new Map((offers.ok ? offers.value : []).map((one) => [one.name, one]))
    const given = [...new Set(this.names)]
      .slice(0, this.nodes)
      .map((name) => known.get(name) ?? bare(name))
    const good = given.filter(isUsable)
    if (good.length === 0) return this.end(`it gave ${listed(this.names)}, which are no hosts`)
    const machines = good.map(({ name, host, command }) =>
      givenMachine(this.provider.name, name.toLowerCase(), { host, command }),
    )
    this.listeners.gives(machines, `${listed(good.map(({ name }) => name))}${costText(good)}`, 0)
  }

  private end(reason: string): void {
    if (this.isOver) return
    this.isOver = true
    this.stop.abort(new Error(reason))
    this.listeners.over(reason, false)
  }
}

function bare(name: string): OfferedMachine {
  return { name, host: name, command: '', costPerMinute: null }
}

function isUsable({ name, host, command }: OfferedMachine): boolean {
  const isReached = command !== '' || hostProblem(host) === null
  return isReached && machineNameProblem(name.toLowerCase()) === null
}

/** What machines cost together, where any of them says. */
function costText(offers: readonly OfferedMachine[]): string {
  const costs = offers.flatMap(({ costPerMinute }) => costPerMinute ?? [])
  if (costs.length === 0) return ''
  const sum = costs.reduce((total, cost) => total + cost, 0)
  return `, ${Number(sum.toPrecision(3))} a minute`
}

function firstWord(line: string): string {
  return line.trim().split(/\s+/)[0] ?? ''
}

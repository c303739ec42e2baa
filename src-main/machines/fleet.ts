import { homedir } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { LOCAL, type MachineConfig, type MachineStatus } from '../../src-core/model.ts'
import type { Result } from '../../src-core/result.ts'
import { type BuildmanConfig, readBuildmanConfig } from '../buildman-config/read-config.ts'
import { problemOf } from '../error-text.ts'
import { machineStatus, unknownStatus } from './probe/machine-status.ts'
import type { ProbeReply } from './probe/parse-probe.ts'
import { probe } from './probe/probe.ts'
import { createSharedWork } from './shared-work.ts'
import {
  chooseToolchains,
  type ReferenceToolchain,
  referenceToolchains,
  type ToolchainChoice,
} from './toolchains/choose-toolchain.ts'
import type { FoundCompiler } from './toolchains/compilers.ts'
import {
  type LocalToolchains,
  portablePaths,
  scanLocalToolchains,
} from './toolchains/scan-toolchains.ts'
import { localTransport } from './transport/local-transport.ts'
import { type LiveTransport, type Transport, TransportError } from './transport/transport.ts'

export type FleetOptions = {
  /** `~/.buildman`, or the file of `-G`. */
  readonly configFile: string
  /** Reaches a machine that is not this computer; `via`: the machine that its command is run on. */
  readonly connect: (
    config: MachineConfig,
    signal?: AbortSignal,
    via?: Transport,
  ) => Promise<LiveTransport>
  /** Whether a machine may build with another compiler than the others'. */
  readonly allowDifferentCompilers: boolean
  /** Where this computer builds. Default: as on other machines, below `~/.cache`. */
  readonly localWorkDir?: string
}

/**
 * This computer and the machines of `[machines]`: one connection each that everybody shares, and
 * what the newest probe said. Answers come as they arrive; nobody waits for the slowest.
 */
export type Fleet = {
  /** Reads the configuration anew. What was known of machines that are still in it stays. */
  reload(): Promise<Result<BuildmanConfig>>
  /** As last read; throws before the first `reload` that went well. */
  config(): BuildmanConfig
  /** The same for what can do without: null before that. */
  configIfRead(): BuildmanConfig | null
  /** `local` first, then in the order of `[machines]`, then those that are lent. */
  machines(): readonly MachineConfig[]
  /** A machine that no configuration names is one of the fleet's until it is taken back. */
  lend(machine: MachineConfig): void
  takeBack(name: string): void
  /** In the order of `machines`. */
  statuses(): readonly MachineStatus[]
  /** Compilers for each architecture that a probed machine may build. */
  toolchainsOf(name: string): ToolchainChoice
  /** Everything that compiles on a machine; of this computer by its own scan. */
  compilersOf(name: string): readonly FoundCompiler[]
  /** What this computer's own scan for compilers came to. */
  localScan(): LocalToolchains
  /**
   * Asks these machines, all at once; resolves when each has answered or failed. After an abort
   * nothing is known that was not known before. `recall`: as of `ProbeOptions`.
   */
  probe(names: readonly string[], signal?: AbortSignal, recall?: boolean): Promise<void>
  /** What a machine says that need not be configured, or not so; nothing is kept of it. */
  tryOut(machine: MachineConfig): Promise<MachineStatus>
  /** The machine's shared connection. Rejects with a TransportError. */
  connect(name: string, signal?: AbortSignal): Promise<Transport>
  /** Told whenever a status changed. Returns what ends it. */
  onChange(listener: (statuses: readonly MachineStatus[]) => void): () => void
  close(): Promise<void>
}

const nothing: ToolchainChoice = { archs: new Map(), leftOut: [] }

/** One machine's newest answer. */
type Answer = { readonly reply: Result<ProbeReply>; readonly at: number }

export class MachineFleet implements Fleet {
  readonly #options: FleetOptions
  #config: BuildmanConfig | null = null
  #scan: LocalToolchains = { compilers: [], problems: [], trace: [] }
  readonly #lent = new Map<string, MachineConfig>()
  readonly #answers = new Map<string, Answer>()
  /** By machine: what of its ssh_config could not be followed. */
  readonly #wayNotes = new Map<string, readonly string[]>()
  readonly #probing = new Set<string>()
  readonly #probes = createSharedWork<void>()
  readonly #connections = new Map<string, Transport | LiveTransport>()
  readonly #openings = createSharedWork<Transport>()
  readonly #closing = new AbortController()
  readonly #listeners = new Set<(statuses: readonly MachineStatus[]) => void>()
  #statuses: readonly MachineStatus[] = []
  #choices = new Map<string, ToolchainChoice>()

  constructor(options: FleetOptions) {
    this.#options = options
  }

  async reload(): Promise<Result<BuildmanConfig>> {
    const read = await readBuildmanConfig(this.#options.configFile)
    if (!read.ok) return read
    const places = new Map(this.machines().map((machine) => [machine.name, placeOf(machine)]))
    this.#config = read.value
    this.#scan = await scanLocalToolchains(this.#config)
    for (const [name, place] of places) {
      if (this.#placeNow(name) !== place) this.#forget(name)
    }
    this.#judge()
    return read
  }

  machines(): readonly MachineConfig[] {
    if (this.#config === null) return []
    return [this.#config.local, ...this.#config.machines, ...this.#lent.values()]
  }

  lend(machine: MachineConfig): void {
    if (this.#placeNow(machine.name) !== placeOf(machine)) this.#forget(machine.name)
    this.#lent.set(machine.name, machine)
    this.#judge()
  }

  takeBack(name: string): void {
    if (this.#lent.delete(name)) this.#forget(name)
    this.#judge()
  }

  config(): BuildmanConfig {
    if (this.#config === null) throw new Error('the fleet has read no configuration yet')
    return this.#config
  }

  configIfRead(): BuildmanConfig | null {
    return this.#config
  }

  statuses(): readonly MachineStatus[] {
    return this.#statuses
  }

  toolchainsOf(name: string): ToolchainChoice {
    return this.#choices.get(name) ?? nothing
  }

  compilersOf(name: string): readonly FoundCompiler[] {
    if (name === LOCAL) return this.#scan.compilers
    const answer = this.#answers.get(name)
    return answer ? compilersIn(answer.reply) : []
  }

  localScan(): LocalToolchains {
    return this.#scan
  }

  async probe(names: readonly string[], signal?: AbortSignal, recall = false): Promise<void> {
    await Promise.all(names.map((name) => this.#probeOnce(name, recall, signal)))
  }

  async tryOut(machine: MachineConfig): Promise<MachineStatus> {
    const signal = this.#closing.signal
    let transport: Transport | undefined
    const reply = await this.#replyOf(machine.name, { recall: true, signal }, async () => {
      transport = await this.#open(machine, signal)
      return transport
    })
    await transport?.close()
    const answer = { reply, at: Date.now() }
    const { status } = this.#judgeAnswer(machine, answer, this.#references())
    return { ...status, notes: [...(transport ? notesOf(transport) : []), ...status.notes] }
  }

  async connect(name: string, signal = this.#closing.signal): Promise<Transport> {
    const connected = this.#connections.get(name)
    if (connected) return connected
    const machine = this.machines().find((one) => one.name === name)
    if (!machine) throw new TransportError(name, 'config', `there is no machine '${name}'`)
    // Under its place, too: who asks after a change of the configuration must not get the old one.
    const place = placeOf(machine)
    return this.#openings(
      `${name} ${place}`,
      AbortSignal.any([signal, this.#closing.signal]),
      async (until) => {
        const transport = await this.#open(machine, until)
        if (this.#closing.signal.aborted || this.#placeNow(name) !== place) {
          await transport.close()
          throw new TransportError(name, 'lost', `${name} is configured otherwise by now`)
        }
        this.#connections.set(name, transport)
        if ('lost' in transport) void transport.lost.then(() => this.#drop(name, transport))
        return transport
      },
    )
  }

  onChange(listener: (statuses: readonly MachineStatus[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('closed'))
    const open = [...this.#connections.values()]
    this.#connections.clear()
    await Promise.all(open.map((transport) => transport.close()))
  }

  #placeNow(name: string): string {
    const machine = this.machines().find((one) => one.name === name)
    return machine ? placeOf(machine) : ''
  }

  /** Whoever asks while a machine is being asked waits for the same answer. */
  async #probeOnce(name: string, recall: boolean, signal = this.#closing.signal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    try {
      await this.#probes(name, stop, (until) => this.#probeNow(name, recall, until))
    } catch (error) {
      if (!stop.aborted) throw error
    }
  }

  async #probeNow(name: string, recall: boolean, until: AbortSignal): Promise<void> {
    this.#probing.add(name)
    this.#judge()
    const place = this.#placeNow(name)
    const reply = await this.#replyOf(name, { recall, signal: until }, async () => {
      const transport = await this.connect(name, until)
      this.#wayNotes.set(name, notesOf(transport))
      return transport
    })
    // Nobody waits for it any more, or it is another machine's by now.
    if (!until.aborted && this.#placeNow(name) === place)
      this.#answers.set(name, { reply, at: Date.now() })
    this.#probing.delete(name)
    this.#judge()
  }

  async #replyOf(
    name: string,
    how: { readonly recall: boolean; readonly signal: AbortSignal },
    connect: () => Promise<Transport>,
  ): Promise<Result<ProbeReply>> {
    const { localWorkDir } = this.#options
    try {
      return await probe(await connect(), {
        bossCompilers: portablePaths(this.#scan.compilers, homedir()),
        ...(name === LOCAL && localWorkDir !== undefined && { workDir: localWorkDir }),
        ...how,
      })
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }

  async #open(machine: MachineConfig, signal: AbortSignal): Promise<Transport | LiveTransport> {
    if (machine.name === LOCAL) return localTransport()
    const via = machine.via === undefined ? undefined : await this.connect(machine.via, signal)
    return this.#options.connect(machine, signal, via)
  }

  #drop(name: string, transport: Transport): void {
    if (this.#connections.get(name) === transport) this.#connections.delete(name)
  }

  /** What was known of the machine that had this name. */
  #forget(name: string): void {
    this.#answers.delete(name)
    this.#wayNotes.delete(name)
    const connected = this.#connections.get(name)
    this.#connections.delete(name)
    void connected?.close()
  }

  /** Decides anew from all answers: one machine's compilers can be another's reference. */
  #judge(): void {
    if (this.#config === null) return
    const references = this.#references()
    this.#choices = new Map()
    const before = this.#statuses
    this.#statuses = this.machines().map((machine) => {
      const answer = this.#answers.get(machine.name)
      const underWay = this.#probing.has(machine.name)
      if (!answer) return unknownStatus(machine, underWay ? 'probing' : 'unknown')
      const { status, choice } = this.#judgeAnswer(machine, answer, references)
      if (answer.reply.ok) this.#choices.set(machine.name, choice)
      const ownNotes = machine.name === LOCAL ? this.#scan.problems : []
      const notes = [...ownNotes, ...(this.#wayNotes.get(machine.name) ?? []), ...status.notes]
      return { ...status, notes, ...(underWay && { state: 'probing' as const }) }
    })
    // Whoever plans anew on news of the machines reads the configuration anew: news without end else.
    if (isDeepStrictEqual(this.#statuses, before)) return
    for (const listener of this.#listeners) listener(this.#statuses)
  }

  #references(): ReadonlyMap<string, ReferenceToolchain> {
    // In the order of the configuration, so that who answers first decides nothing.
    const { machines, toolchainAliases } = this.config()
    const replies = machines.map(({ name }) => ({ name, compilers: this.compilersOf(name) }))
    return referenceToolchains(this.#scan.compilers, replies, toolchainAliases)
  }

  #judgeAnswer(
    machine: MachineConfig,
    { reply, at }: Answer,
    references: ReadonlyMap<string, ReferenceToolchain>,
  ) {
    const isLocal = machine.name === LOCAL
    const choice = chooseToolchains({
      compilers: isLocal ? this.#scan.compilers : compilersIn(reply),
      references,
      aliases: this.config().toolchainAliases,
      allowDifferent: this.#options.allowDifferentCompilers || isLocal,
    })
    const bossTools = toolsOf(this.#answers.get(LOCAL))
    const status = machineStatus({ config: machine, reply, choice, bossTools, probedAt: at })
    return { status, choice }
  }
}

/** What makes a machine another one under the same name. */
function placeOf({ host, transport, command, via = '' }: MachineConfig): string {
  return `${transport} ${host} ${via} ${command}`
}

/** What of its ssh_config could not be followed; this computer has none. */
function notesOf(transport: Transport | LiveTransport): readonly string[] {
  return 'notes' in transport ? (transport.notes ?? []) : []
}

function compilersIn(reply: Result<ProbeReply>): readonly FoundCompiler[] {
  return reply.ok ? reply.value.compilers : []
}

function toolsOf(answer: Answer | undefined): Readonly<Record<string, string>> {
  return answer?.reply.ok ? answer.reply.value.facts.tools : {}
}

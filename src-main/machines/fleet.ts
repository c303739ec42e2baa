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
import type { LiveTransport } from './ssh/ssh-transport.ts'
import {
  chooseToolchains,
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
import { type Transport, TransportError } from './transport/transport.ts'

export type FleetOptions = {
  /** `~/.buildman`, or the file of `-G`. */
  readonly configFile: string
  /** Reaches a machine that is not this computer. */
  readonly connect: (config: MachineConfig, signal?: AbortSignal) => Promise<LiveTransport>
  /** Whether a machine may build with another compiler than the others'. */
  readonly allowDifferentCompilers: boolean
  /** The folder whose disk must have room, on every machine; `~/` is the home there. */
  readonly workDir?: string
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
  /** `local` first, then in the order of `[machines]`. */
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
  /** The machine's shared connection. Rejects with a TransportError. */
  connect(name: string, signal?: AbortSignal): Promise<Transport>
  /** Told whenever a status changed. Returns what ends it. */
  onChange(listener: (statuses: readonly MachineStatus[]) => void): () => void
  close(): Promise<void>
}

const nothing: ToolchainChoice = { archs: new Map(), leftOut: [] }

/** One machine's newest answer. */
type Answer = { readonly reply: Result<ProbeReply>; readonly at: number }

export function createFleet(options: FleetOptions): Fleet {
  let config: BuildmanConfig | null = null
  let scan: LocalToolchains = { compilers: [], problems: [], trace: [] }
  const answers = new Map<string, Answer>()
  /** By machine: what of its ssh_config could not be followed. */
  const wayNotes = new Map<string, readonly string[]>()
  const probing = new Set<string>()
  const probes = createSharedWork<void>()
  const connections = new Map<string, Transport | LiveTransport>()
  const openings = createSharedWork<Transport>()
  const closing = new AbortController()
  const listeners = new Set<(statuses: readonly MachineStatus[]) => void>()
  let statuses: readonly MachineStatus[] = []
  let choices = new Map<string, ToolchainChoice>()

  return {
    reload,
    config: current,
    statuses: () => statuses,
    toolchainsOf: (name) => choices.get(name) ?? nothing,
    compilersOf,
    localScan: () => scan,
    async probe(names, signal, recall = false) {
      await Promise.all(names.map((name) => probeOnce(name, recall, signal)))
    },
    connect,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closing.abort(new Error('closed'))
      const open = [...connections.values()]
      connections.clear()
      await Promise.all(open.map((transport) => transport.close()))
    },
  }

  function current(): BuildmanConfig {
    if (config === null) throw new Error('the fleet has read no configuration yet')
    return config
  }

  function machines(): readonly MachineConfig[] {
    return config === null ? [] : [config.local, ...config.machines]
  }

  function placeNow(name: string): string {
    const machine = machines().find((one) => one.name === name)
    return machine ? placeOf(machine) : ''
  }

  async function reload(): Promise<Result<BuildmanConfig>> {
    const read = await readBuildmanConfig(options.configFile)
    if (!read.ok) return read
    const places = new Map(machines().map((machine) => [machine.name, placeOf(machine)]))
    config = read.value
    scan = await scanLocalToolchains(config)
    for (const [name, place] of places) {
      if (placeNow(name) === place) continue
      answers.delete(name)
      wayNotes.delete(name)
      forget(name)
    }
    judge()
    return read
  }

  /** Whoever asks while a machine is being asked waits for the same answer. */
  async function probeOnce(name: string, recall: boolean, signal = closing.signal): Promise<void> {
    const stop = AbortSignal.any([signal, closing.signal])
    try {
      await probes(name, stop, (until) => probeNow(name, recall, until))
    } catch (error) {
      if (!stop.aborted) throw error
    }
  }

  async function probeNow(name: string, recall: boolean, until: AbortSignal): Promise<void> {
    probing.add(name)
    judge()
    const place = placeNow(name)
    const reply = await replyOf(name, recall, until)
    // Nobody waits for it any more, or it is another machine's by now.
    if (!until.aborted && placeNow(name) === place) answers.set(name, { reply, at: Date.now() })
    probing.delete(name)
    judge()
  }

  async function replyOf(
    name: string,
    recall: boolean,
    signal: AbortSignal,
  ): Promise<Result<ProbeReply>> {
    try {
      const transport = await connect(name, signal)
      wayNotes.set(name, notesOf(transport))
      return await probe(transport, {
        bossCompilers: portablePaths(scan.compilers, homedir()),
        ...(options.workDir !== undefined && { workDir: options.workDir }),
        recall,
        signal,
      })
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }

  async function connect(name: string, signal = closing.signal): Promise<Transport> {
    const connected = connections.get(name)
    if (connected) return connected
    const machine = machines().find((one) => one.name === name)
    if (!machine) throw new TransportError(name, 'config', `there is no machine '${name}'`)
    // Under its place, too: who asks after a change of the configuration must not get the old one.
    const place = placeOf(machine)
    return openings(
      `${name} ${place}`,
      AbortSignal.any([signal, closing.signal]),
      async (until) => {
        const transport = await open(machine, until)
        if (closing.signal.aborted || placeNow(name) !== place) {
          await transport.close()
          throw new TransportError(name, 'lost', `${name} is configured otherwise by now`)
        }
        connections.set(name, transport)
        if ('lost' in transport) void transport.lost.then(() => drop(name, transport))
        return transport
      },
    )
  }

  async function open(
    machine: MachineConfig,
    signal: AbortSignal,
  ): Promise<Transport | LiveTransport> {
    return machine.name === LOCAL ? localTransport() : options.connect(machine, signal)
  }

  function drop(name: string, transport: Transport): void {
    if (connections.get(name) === transport) connections.delete(name)
  }

  function forget(name: string): void {
    const connected = connections.get(name)
    connections.delete(name)
    void connected?.close()
  }

  function compilersOf(name: string): readonly FoundCompiler[] {
    if (name === LOCAL) return scan.compilers
    const reply = answers.get(name)?.reply
    return reply?.ok ? reply.value.compilers : []
  }

  /** Decides anew from all answers: one machine's compilers can be another's reference. */
  function judge(): void {
    if (config === null) return
    const { toolchainAliases: aliases } = config
    // In the order of the configuration, so that who answers first decides nothing.
    const replies = config.machines.map(({ name }) => ({ name, compilers: compilersOf(name) }))
    const references = referenceToolchains(scan.compilers, replies, aliases)
    choices = new Map()
    const before = statuses
    statuses = machines().map((machine) => {
      const answer = answers.get(machine.name)
      const underWay = probing.has(machine.name)
      if (!answer) return unknownStatus(machine, underWay ? 'probing' : 'unknown')
      const found = compilersOf(machine.name)
      const choice = chooseToolchains({
        compilers: found,
        references,
        aliases,
        allowDifferent: options.allowDifferentCompilers || machine.name === LOCAL,
      })
      if (answer.reply.ok) choices.set(machine.name, choice)
      const status = machineStatus({
        config: machine,
        reply: answer.reply,
        choice,
        bossTools: toolsOf(answers.get(LOCAL)),
        probedAt: answer.at,
      })
      const ownNotes = machine.name === LOCAL ? scan.problems : []
      const notes = [...ownNotes, ...(wayNotes.get(machine.name) ?? []), ...status.notes]
      return { ...status, notes, ...(underWay && { state: 'probing' as const }) }
    })
    // Whoever plans anew on news of the machines reads the configuration anew: news without end else.
    if (isDeepStrictEqual(statuses, before)) return
    for (const listener of listeners) listener(statuses)
  }
}

/** What makes a machine another one under the same name. */
function placeOf({ host, transport }: MachineConfig): string {
  return `${transport} ${host}`
}

/** What of its ssh_config could not be followed; this computer has none. */
function notesOf(transport: Transport | LiveTransport): readonly string[] {
  return 'notes' in transport ? (transport.notes ?? []) : []
}

function toolsOf(answer: Answer | undefined): Readonly<Record<string, string>> {
  return answer?.reply.ok ? answer.reply.value.facts.tools : {}
}

/**
 * The words of Slipway as types: what a board, a machine, a build and an
 * outcome are. Plain data only; shared by window, boss and terminal.
 */

import type { BuildSettings } from './build-options/build-settings.ts'
import type { ProviderWish } from './provider.ts'

/** One build target of a tree. Empty strings stand for what the tree does not say. */
export type Board = {
  /** Unique name; `configs/<target>_defconfig`, or `NAME,base` for an extended board. */
  readonly target: string
  readonly arch: string
  readonly cpu: string
  readonly soc: string
  readonly vendor: string
  readonly board: string
  /** CONFIG_SYS_CONFIG_NAME. */
  readonly config: string
  /** `Active`, or `-` where MAINTAINERS does not say. */
  readonly status: string
  readonly maintainers: readonly string[]
  /** Extended boards only: the defconfig to start from and the fragments to add. */
  readonly extended?: { readonly base: string; readonly fragments: readonly string[] }
}

/** One point of the series. `hash` is null for the current source of a tree without commits. */
export type Commit = {
  /** Index in the series, from 0; what buildman calls `commit_upto`. */
  readonly upto: number
  /** Place from 1 in the whole series, of which `--step` may leave commits out: see `commitNumber`. */
  readonly number?: number
  /** Full hash; for current source, the snapshot commit's. */
  readonly hash: string
  readonly subject: string
  readonly author: string
  /** True where this is the working tree (with its uncommitted changes). */
  readonly currentSource: boolean
}

/** Its place in the whole series as people count, from 1. */
export function commitNumber({ number, upto }: Pick<Commit, 'number' | 'upto'>): number {
  return number ?? upto + 1
}

/** What came of a build. */
export const outcomes = ['ok', 'warnings', 'failed', 'not built'] as const
export type Outcome = (typeof outcomes)[number]

/**
 * What a build is doing now, or its outcome. `lost`: its machine went away; it will be built again.
 * `being checked`: it failed, and another machine finds out whether the code is to blame.
 */
export const buildStates = ['queued', 'building', 'lost', 'being checked', ...outcomes] as const
export type BuildState = (typeof buildStates)[number]

/** make was content with it. */
export function isBuilt(state: BuildState | null): state is 'ok' | 'warnings' {
  return state === 'ok' || state === 'warnings'
}

/** The outcome that a state says; undefined while there is none. */
export function outcomeIn(state: BuildState): Outcome | undefined {
  return outcomes.find((outcome) => outcome === state)
}

/** The machine that Slipway itself runs on; palette slot 1. */
export const LOCAL = 'local'

/** Text, data and bss of one image in bytes; rodata is counted within text. */
export type ImageSize = {
  readonly image: string
  readonly text: number
  readonly data: number
  readonly bss: number
  readonly rodata: number
}

/**
 * How results lie in the output folder: in folders of the branch, its commits and their boards; without
 * the branch's folder and that of the current source (`-N`); or, of one board of the current source, in
 * the output folder itself, beside all that its build made (`-w`).
 */
export const resultLayouts = ['subfolders', 'no subfolders', 'in the output folder'] as const
export type ResultLayout = (typeof resultLayouts)[number]

/** What a person asks for: which boards, which commits, where. */
export type RunRequest = {
  readonly treeDir: string
  readonly outputDir: string
  /** Left out: subfolders. */
  readonly layout?: ResultLayout
  readonly boards: readonly string[]
  readonly commits: CommitChoice
  readonly distribute: boolean
  /** Names of `[machines]`; empty means all of them. */
  readonly useMachines: readonly string[]
  /** Machines to ask for while the run goes on, beside those; left out: none. */
  readonly providers?: readonly ProviderWish[]
  readonly noLocal: boolean
  readonly settings: BuildSettings
  /** Left out: what is built again follows from the settings and from what has its outcome. */
  readonly rerun?: Rerun
}

/** Of the builds of its boards: all, those that failed, or those without an outcome of make's. */
export const rerunBuilds = ['all', 'failed', 'left'] as const

/** What a run builds once more of an earlier one; all else of that keeps what came of it. */
export type Rerun = {
  readonly boards: readonly string[]
  readonly builds: (typeof rerunBuilds)[number]
  /** Of the earlier run's commits, in order: what was built of another source says nothing of this one. */
  readonly hashes: readonly string[]
  /** The only machine that builds; left out: those of the request. */
  readonly machine?: string
}

/** Which commits to build: the working tree, a branch with its upstream, or a range. */
export type CommitChoice =
  | { readonly kind: 'current' }
  | {
      readonly kind: 'branch'
      readonly branch: string
      readonly count?: number
      readonly step?: number
    }
  | {
      readonly kind: 'range'
      readonly range: string
      /** With the commit that both ends have in common before them all, and parents before their children. */
      readonly withBase?: true
      readonly count?: number
      readonly step?: number
    }

/** A compiler on one machine. */
export type Toolchain = {
  readonly arch: string
  /** The compiler as it is run, e.g. `/usr/bin/arm-linux-gnueabi-gcc`. */
  readonly gcc: string
  /** `CROSS_COMPILE` without its folder, e.g. `arm-linux-gnueabi-`; empty for the native one. */
  readonly prefix: string
  /** First line's version, e.g. `12.2.0`; empty if unknown. */
  readonly version: string
  /** `gcc -dumpmachine`, e.g. `arm-linux-gnueabi`; empty if unknown. */
  readonly triple: string
}

/** What a probe found on a machine. Figures are of the moment of the probe. */
export type MachineFacts = {
  readonly hostname: string
  /** Two machines with equal ones are one computer under two names; empty where it can't be told. */
  readonly computer: string
  /** `/etc/machine-id`; empty without one. Copies of one image may share it. */
  readonly machineId: string
  /** `uname -m`. */
  readonly arch: string
  readonly kernel: string
  /** Cores in all, and threads this user may use. */
  readonly cores: number
  readonly threads: number
  readonly bogomips: number
  readonly load1m: number
  readonly memAvailableMb: number
  readonly diskAvailableMb: number
  /** The folder below which it builds, links followed. */
  readonly buildsIn: string
  /** Version by tool name (`make`, `git`, `node`, `ccache`, `dtc`, `swig`, `python`); absent tools are absent. */
  readonly tools: Readonly<Record<string, string>>
  /** Boss's clock minus the machine's, milliseconds. */
  readonly clockOffsetMs: number
  readonly workers: readonly FoundWorker[]
}

/** A worker process (ours or buildman's) that a probe found. */
export type FoundWorker = {
  readonly kind: 'slipway' | 'buildman'
  readonly pid: number
  /** Jiffies since boot, from /proc; together with pid and boot id it names one process. */
  readonly startTime: string
  readonly ageSeconds: number
  /** `user@host` of the boss that started it; empty if unknown. */
  readonly boss: string
  readonly runId: string
  readonly command: string
  readonly lockPath: string
  /** `live`: serves a living boss. `stale`: serves none. `gone`: only its lock is left. */
  readonly state: 'live' | 'stale' | 'gone'
}

/** A machine as configured in `~/.buildman`, or `local`. */
export type MachineConfig = {
  /** Display name, lower case. */
  readonly name: string
  /** What `ssh` would be given: `[user@]host`; empty for local. */
  readonly host: string
  /** 0 means as many as the worker has threads. */
  readonly maxBoards: number
  readonly transport: 'ssh2' | 'openssh'
  /** Instead of SSH: what runs there the program that is named after it; empty for SSH. */
  readonly command: string
  /** Of a machine that a provider gave: the machine that `command` is run on; left out: this computer. */
  readonly via?: string
  /** A `buildman` to drive there instead of our own worker; empty for ours. */
  readonly buildmanPath: string
  /** Where another run of this person's has the tree's folder there: wait for it, or build beside it. */
  readonly ifBusy: 'wait' | 'another folder'
  readonly thresholds: Thresholds
}

/** Beyond these a machine takes no work. */
export type Thresholds = {
  /** Load per core. */
  readonly maxLoadPerCore: number
  readonly minDiskMb: number
  readonly minMemoryMb: number
}

/** Source: the reference's probe, section 7. */
export const defaultThresholds: Thresholds = {
  maxLoadPerCore: 0.8,
  minDiskMb: 1000,
  minMemoryMb: 512,
}

/** A machine as the window and `--mach` show it. */
export type MachineStatus = {
  readonly config: MachineConfig
  readonly state: 'unknown' | 'probing' | 'available' | 'unavailable'
  /** Why it takes no work, in words; empty when it does. */
  readonly reason: string
  readonly facts: MachineFacts | null
  readonly toolchains: readonly Toolchain[]
  /** Architectures it has a compiler for but is left out of, and why. */
  readonly leftOut: readonly { readonly arch: string; readonly reason: string }[]
  readonly notes: readonly string[]
  /** Boards at once. */
  readonly slots: number
  readonly probedAt: number
}

/** What its last answer said, also while it is being asked anew. */
export function lastKnownState({ state, probedAt, reason }: MachineStatus): MachineStatus['state'] {
  if (state !== 'probing' || probedAt === 0) return state
  return reason === '' ? 'available' : 'unavailable'
}

/** For switches over unions: a case that was forgotten is a compile error here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}

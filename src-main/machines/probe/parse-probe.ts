import type { FoundWorker, MachineFacts } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import {
  type CompilerOrigin,
  type FoundCompiler,
  firstVersion,
  foundCompiler,
} from '../toolchains/compilers.ts'
import { judgeWorkers, type SeenLock, type SeenProcess } from './found-workers.ts'

/** What one round trip to a machine brought home. */
export type ProbeReply = {
  readonly facts: MachineFacts
  /** `uname -s`. */
  readonly system: string
  /** Everything there that compiles, with the boss's own choices before what a search found. */
  readonly compilers: readonly FoundCompiler[]
  /** Paths of tools and compilers that did not answer in time. */
  readonly silent: readonly string[]
}

/** More threads, cores and megabytes than any machine has: what says more is not believed. */
const MAX_THREADS = 4096
const MAX_MB = 2 ** 40
const MAX_LOAD = 1e6
/** Of one thread; today's fastest say 10,000. */
const MAX_BOGOMIPS = 1e6

/** More lines than any machine has compilers and processes: the rest is not read. */
const MAX_LINES = 20_000

/**
 * Reads the reply of `resources/probe.sh`; whatever login scripts print before and after does not
 * matter. `receivedAt` is the boss's clock at the end of the reply, in milliseconds. Never throws.
 */
export function parseProbe(text: string, nonce: string, receivedAt: number): Result<ProbeReply> {
  const body = readFrame(text, nonce)
  return body.ok ? readReply(readLines(body.value), receivedAt) : body
}

/** Reads a reply that was asked for nothing but workers. Never throws. */
export function parseWorkers(text: string, nonce: string): Result<readonly FoundWorker[]> {
  const body = readFrame(text, nonce)
  return body.ok ? ok(readWorkers(readLines(body.value))) : body
}

/** What one of our scripts said between its frames; a problem if it did not get to the end. */
export function readFrame(text: string, nonce: string): Result<string> {
  const frame = findFrame(text, nonce)
  if (frame.kind === 'whole') return ok(frame.body)
  if (frame.kind === 'cut') {
    const { lastKey } = readLines(frame.body)
    return fail(`the reply of our script ends after '${lastKey}'`, 'Was the connection lost?')
  }
  const said = text.trim().slice(0, 200)
  return fail(
    `our script gave no reply${said === '' ? '' : `; the machine said: ${said}`}`,
    'Does the account there have a shell that runs commands?',
  )
}

type Frame = { readonly kind: 'none' } | { readonly kind: 'cut' | 'whole'; readonly body: string }

function findFrame(text: string, nonce: string): Frame {
  const begin = `\n@@slipway ${nonce} begin\n`
  const at = `\n${text}`.indexOf(begin)
  if (at < 0) return { kind: 'none' }
  const body = text.slice(at + begin.length - 1)
  const end = `\n${body}`.indexOf(`\n@@slipway ${nonce} end`)
  return end < 0 ? { kind: 'cut', body } : { kind: 'whole', body: body.slice(0, end) }
}

type Lines = {
  /** Fields of each line by its first field. */
  readonly byKey: ReadonlyMap<string, readonly (readonly string[])[]>
  readonly lastKey: string
}

function readLines(body: string): Lines {
  const byKey = new Map<string, string[][]>()
  let lastKey = ''
  for (const line of body.split('\n', MAX_LINES)) {
    const [key = '', ...fields] = line.split('\t')
    if (key === '') continue
    // Of what a machine has many, the message should name the one.
    lastKey = key === 'compiler' ? `${key} ${fields[1]}` : key
    const known = byKey.get(key)
    if (known) known.push(fields)
    else byKey.set(key, [fields])
  }
  return { byKey, lastKey }
}

function readReply(lines: Lines, receivedAt: number): Result<ProbeReply> {
  const value = (key: string): string => firstValue(lines, key)
  const figures = {
    cores: positive(value('cores')),
    threads: positive(value('threads')) ?? positive(value('cores')),
    load: firstNumber(value('load')),
    memory: memoryMb(lines) ?? vmStatMb(value('vm_stat')),
    disk: diskMb(value('disk')),
  }
  const missing = Object.entries(figures).filter(([, figure]) => figure === null)
  if (missing.length > 0 || value('arch') === '' || value('home') === '') {
    const names = missing.map(([name]) => name).join(', ') || 'architecture or home'
    return fail(
      `the probe could not find out: ${names}`,
      'Is this a Linux machine with a POSIX shell?',
    )
  }
  const { cores, threads, load, memory, disk } = figures
  const facts: MachineFacts = {
    hostname: value('hostname'),
    computer: computerOf(lines),
    machineId: value('machine_id'),
    arch: value('arch'),
    kernel: value('kernel'),
    cores: Math.min(cores ?? 0, MAX_THREADS),
    threads: Math.min(threads ?? 0, quotaThreads(lines), MAX_THREADS),
    bogomips: Math.min(firstNumber(value('bogomips')) ?? 0, MAX_BOGOMIPS),
    load1m: Math.min(load ?? 0, MAX_LOAD),
    memAvailableMb: Math.min(memory ?? 0, MAX_MB),
    diskAvailableMb: Math.min(disk ?? 0, MAX_MB),
    buildsIn: value('builds_in') || value('home'),
    tools: readTools(lines),
    clockOffsetMs: clockOffset(value('clock'), receivedAt),
    workers: readWorkers(lines),
  }
  const compilers = fieldsOf(lines, 'compiler').flatMap(readCompiler)
  const silent = fieldsOf(lines, 'silent').map(([path = '']) => path.slice(0, 200))
  return ok({ facts, system: value('system'), compilers, silent })
}

/**
 * The kernel's boot, the process namespace, the root folder and the installation. Containers on one kernel
 * share the first and may share the second, copies of one image the last: only all of them together mean
 * one computer. A container or chroot is used beside the computer that it runs on, whose cores it shares:
 * its compilers are what it is there for. Whose account it is does not matter; a home that is no account's
 * own is another machine, as those of the demo are.
 */
function computerOf(lines: Lines): string {
  const parts = ['boot_id', 'pid_namespace'].map((key) => firstValue(lines, key))
  if (parts.includes('')) return ''
  const more = ['root_folder', 'machine_id', 'made_up_home'].map((key) => firstValue(lines, key))
  return [...parts, ...more].filter((part) => part !== '').join(' ')
}

function readWorkers(lines: Lines): FoundWorker[] {
  const value = (key: string): string => firstValue(lines, key)
  return judgeWorkers({
    hostname: value('hostname'),
    bootId: value('boot_id'),
    pidNamespace: value('pid_namespace'),
    uptimeSeconds: firstNumber(value('uptime')) ?? 0,
    clockTicks: positive(value('clock_ticks')) ?? 100,
    locks: fieldsOf(lines, 'lock').map(readLock),
    buildmanLocks: fieldsOf(lines, 'buildman_lock').map(readLock),
    processes: fieldsOf(lines, 'process').flatMap(readProcess),
  })
}

function firstValue(lines: Lines, key: string): string {
  return lines.byKey.get(key)?.[0]?.[0]?.trim() ?? ''
}

function fieldsOf(lines: Lines, key: string): readonly (readonly string[])[] {
  return lines.byKey.get(key) ?? []
}

function firstNumber(text: string): number | null {
  const number = /\d{1,15}(?:\.\d{1,15})?/.exec(text)?.[0]
  return number === undefined ? null : Number(number)
}

function positive(text: string): number | null {
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null
}

/** A control group's limit in whole threads; the tightest of its levels counts. */
function quotaThreads(lines: Lines): number {
  const limits = fieldsOf(lines, 'cpu_quota').flatMap(([text = '']) => {
    const [quota = Number.NaN, period = Number.NaN] = text.split(' ').map(Number)
    return quota > 0 && period > 0 ? [Math.max(1, Math.ceil(quota / period))] : []
  })
  return Math.min(Number.POSITIVE_INFINITY, ...limits)
}

/** Kernels before 3.14 have no MemAvailable; what is free or cached comes near it. */
function memoryMb(lines: Lines): number | null {
  const kb = new Map<string, number>()
  for (const [text = ''] of fieldsOf(lines, 'memory')) {
    const [, name, amount] = /^(\w+):\s+(\d{1,15}) kB$/.exec(text.trim()) ?? []
    if (name !== undefined) kb.set(name, Number(amount))
  }
  const free = kb.get('MemFree')
  const available =
    kb.get('MemAvailable') ?? (free === undefined ? null : free + (kb.get('Cached') ?? 0))
  return available === null ? null : Math.floor(available / 1024)
}

/** macOS: pages that are free, inactive or speculative. */
function vmStatMb(text: string): number | null {
  const page = /page size of (\d{1,9}) bytes/.exec(text)?.[1]
  if (page === undefined) return null
  const pages = [...text.matchAll(/Pages (?:free|inactive|speculative): +(\d{1,12})/g)]
  const count = pages.reduce((sum, match) => sum + Number(match[1]), 0)
  return Math.floor((count * Number(page)) / 2 ** 20)
}

/** `df -Pk`: size, used, available, capacity, then where it is mounted. */
function diskMb(line: string): number | null {
  const available = /\s\d{1,18}\s+\d{1,18}\s+(\d{1,18})\s+(?:\d{1,3}%|-)\s+\//.exec(line)?.[1]
  return available === undefined ? null : Math.floor(Number(available) / 1024)
}

function readTools(lines: Lines): Record<string, string> {
  const tools = new Map<string, string>()
  for (const [name = '', , said = ''] of fieldsOf(lines, 'tool')) {
    const version = firstVersion(said)
    if (/^[a-z]+$/.test(name) && version !== '') tools.set(name, version)
  }
  return Object.fromEntries(tools)
}

function clockOffset(text: string, receivedAt: number): number {
  const [, seconds, millis] = /^(\d{1,11})(?:\.(\d{3})\d*)?/.exec(text) ?? []
  if (seconds === undefined) return 0
  // A `date` without fractions says on average half a second less than it is.
  return Math.round(receivedAt - (Number(seconds) * 1000 + Number(millis ?? 500)))
}

function readCompiler(fields: readonly string[]): FoundCompiler[] {
  const [from = '', gcc = '', versionLine = '', triple = ''] = fields
  const compiler = gcc.startsWith('/')
    ? foundCompiler(gcc, compilerOrigin(from), { versionLine, triple: triple.trim() })
    : null
  return compiler === null ? [] : [compiler]
}

/** The boss's own choice goes before whatever a search there finds. */
function compilerOrigin(from: string): CompilerOrigin {
  if (from === 'boss') return 'prefix-full'
  return from === 'downloaded' ? 'downloaded' : 'path'
}

function readLock([path = '', age = '', content = '']: readonly string[]): SeenLock {
  return { path, ageSeconds: /^\d{1,12}$/.test(age) ? Number(age) : 0, content }
}

function readProcess(fields: readonly string[]): SeenProcess[] {
  const [
    pid = '',
    ppid = '',
    startTime = '',
    state = '',
    connected,
    sameHome,
    cookie = '',
    argv = '',
  ] = fields
  if (!/^\d{1,9}$/.test(pid) || !/^\d{1,9}$/.test(ppid) || !/^\d{1,20}$/.test(startTime)) return []
  return [
    {
      pid: Number(pid),
      parent: Number(ppid),
      startTime,
      dead: state === 'Z' || state === 'X',
      connected: connected === 'yes',
      sameHome: sameHome === 'yes',
      cookie,
      argv: argv.split('\x1f').filter((word) => word !== ''),
    },
  ]
}

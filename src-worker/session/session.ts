/**
 * Answers the boss's messages. Those that prepare something run one after the other; those that only ask
 * or look are answered at once.
 */
import { rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ownValue } from '../../src-core/basics/own-value.ts'
import { type Adjustment, adjustmentsOf } from '../building/adjust-config.ts'
import { forgetOldBases } from '../building/as-before.ts'
import { createCacheWarmUp } from '../building/cache-warm-up.ts'
import { fitResult } from '../building/fit-result.ts'
import type { Children } from '../processes/children.ts'
import { createIdleMeter, createLoadMeter, threadCount } from '../processes/machine-load.ts'
import type { Channel } from '../protocol/channel.ts'
import { type DecodedLine, MAX_LINE_BYTES } from '../protocol/json-lines.ts'
import {
  type BossMessage,
  type ErrorCode,
  PROTOCOL_VERSION,
  parseBossMessage,
  type WorkerMessageInput,
  workerFeatures,
} from '../protocol/protocol.ts'
import { effectiveSettings, type WorkerSettings } from '../protocol/worker-settings.ts'
import { blobsFolder, blobWordsOf } from '../source/blobs.ts'
import { keptFolder, type Series, usesCcache } from '../source/series.ts'
import { createTrees } from '../source/trees.ts'
import {
  changedFiles,
  checkOut,
  embedsFiles,
  resolveCommits,
  sourceChange,
} from '../source/worktrees.ts'
import { inheritedEnvironment } from '../tools/environment.ts'
import { isRemoteCacheSet, openSharedCache, type SharedCache } from '../tools/shared-cache.ts'
import { sendOutputs } from './fetch-output.ts'
import { createLiveLogs, type LiveLogs } from './live-logs.ts'
import { createSlots, type Slots } from './slots.ts'
import { openWorkerSetup, type WorkerSetup } from './worker-setup.ts'

const WORKER_VERSION = '0.1.0'
const LOAD_EVERY_MS = 5000
/** A boss that lags behind this far gets no more of logs for the time being. */
const BACKLOG_BYTES = 4 * 1024 * 1024

type Message<Cmd extends BossMessage['cmd']> = Extract<BossMessage, { cmd: Cmd }>
type Configuration = Message<'configure'> & { readonly adjustments: readonly Adjustment[] }
type ErrorMessage = Extract<WorkerMessageInput, { resp: 'error' }>

export type SessionOptions = {
  readonly channel: Channel
  readonly children: Children
  /** Names this worker. */
  readonly uuid: string
  readonly env: NodeJS.ProcessEnv
  /** A message came, of whatever kind. */
  readonly onHeard: () => void
  /** The worker is to leave: the boss said so, or its work folder is no longer its own. */
  readonly onLeave: (reason: string) => void
}

/** From the first message of a boss to the last. */
export class Session {
  readonly #options: SessionOptions
  readonly #threads = threadCount()
  readonly #logs: LiveLogs
  readonly #timers: NodeJS.Timeout[] = []
  #queue: Promise<void> = Promise.resolve()
  #fetching: Promise<void> = Promise.resolve()
  #setup: WorkerSetup | null = null
  #configuration: Configuration | null = null
  #slots: Slots | null = null
  #sharedCache: SharedCache | null = null
  #remoteCache = ''
  #closed = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#logs = createLiveLogs(
      (message) => this.#send(message),
      () => options.channel.backlog() < BACKLOG_BYTES,
    )
  }

  /** The first thing that the boss hears. */
  hello(): void {
    this.#send({
      resp: 'ready',
      nthreads: this.#threads,
      slots: this.#threads,
      features: [...workerFeatures],
      protocol: PROTOCOL_VERSION,
      version: WORKER_VERSION,
      uuid: this.#options.uuid,
      pid: process.pid,
      host: hostname(),
      node: process.versions.node,
    })
  }

  /** Takes what came over the channel, whatever it is. */
  receive(line: DecodedLine): void {
    this.#options.onHeard()
    switch (line.kind) {
      case 'text':
        break
      case 'malformed':
        this.#refuse('malformed', `can't read '${line.text}': ${line.problem}`)
        break
      case 'too-long':
        this.#refuse(
          'too_long',
          `a line of ${line.bytes} bytes was refused; the limit is ${MAX_LINE_BYTES}`,
        )
        break
      case 'message':
        this.#receiveMessage(line.value)
        break
    }
  }

  /** Gives up lock and job server; nothing is said any more. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#logs.close()
    this.#sharedCache?.close()
    this.#setup?.close()
  }

  #receiveMessage(value: Record<string, unknown>): void {
    const parsed = parseBossMessage(value)
    if (!parsed.ok) {
      const { unknown, problem, name } = parsed
      this.#refuse(unknown ? 'unknown_cmd' : 'malformed', problem, { cmd: name })
      return
    }
    const { message } = parsed
    switch (message.cmd) {
      case 'ping':
        this.#send({ resp: 'pong', seq: message.seq })
        break
      case 'watch':
        this.#logs.watch(message.board, message.commit_upto, message.on)
        break
      case 'quit':
        this.#send({ resp: 'quit_ack' })
        this.#options.onLeave('the boss said quit')
        break
      case 'fetch_output':
        this.#fetchOutput(message)
        break
      case 'cache_value':
        this.#sharedCache?.answer(message.id, message.data)
        break
      default:
        this.#queue = this.#queue.then(() => this.#handleInOrder(message))
    }
  }

  async #handleInOrder(
    message: Exclude<
      BossMessage,
      { cmd: 'ping' | 'watch' | 'quit' | 'fetch_output' | 'cache_value' }
    >,
  ): Promise<void> {
    switch (message.cmd) {
      case 'setup':
        return this.#orRefuse('setup_failed', message, () => this.#setUp(message))
      case 'configure':
        return this.#orRefuse('configure_failed', message, () => this.#configure(message))
      case 'build_prepare':
        return this.#orRefuse('prepare_failed', message, () => this.#prepare(message))
      case 'build_boards':
        return this.#orRefuse('prepare_failed', message, () => this.#buildBoards(message))
      case 'build_board':
        return this.#buildBoard(message)
      case 'cancel_board':
        if (this.#slots?.cancel(message.board)) return
        return this.#refuse(
          'bad_board',
          `${message.board} is neither built nor waiting here`,
          message,
        )
      case 'build_done':
        return this.#sayWhenDone()
    }
  }

  async #setUp({ work_dir, boss, run_id }: Message<'setup'>): Promise<void> {
    const { children, env, uuid } = this.#options
    if (this.#setup === null) {
      const request = { workDir: work_dir, uuid, boss, run_id, threads: this.#threads }
      const opened = await openWorkerSetup(children, inheritedEnvironment(env), request)
      if ('holder' in opened) {
        const { boss, host, pid, run_id, created: since } = opened.holder
        const msg = `${work_dir} is busy: a worker of ${boss || 'another boss'} on ${host} has it since ${since}`
        this.#refuse('busy', msg, { cmd: 'setup', holder: { boss, pid, run_id, since } })
        return
      }
      this.#setup = opened.setup
      this.#startTimers(opened.setup)
    } else {
      await this.#setup.lock.describe({ boss, run_id })
    }
    const { workDir, git, tools } = this.#setup
    this.#send({ resp: 'setup_done', work_dir: workDir, git_dir: git.dir, tools: { ...tools } })
  }

  #startTimers({ lock, workDir }: WorkerSetup): void {
    const loadFigures = createLoadMeter(workDir)
    lock.keep((path, holder) => {
      const whose = holder
        ? `a worker of ${holder.boss || 'another boss'} on ${holder.host} took it`
        : 'it is gone'
      this.#refuse('lock_lost', `the lock ${path} is not ours any more: ${whose}`)
      this.#options.onLeave('the lock was lost')
    })
    const sayLoad = async () => {
      const counts = this.#slots?.counts() ?? { building: 0, queued: 0 }
      this.#send({ resp: 'load', ...(await loadFigures()), ...counts })
    }
    this.#timers.push(setInterval(sayLoad, LOAD_EVERY_MS))
  }

  async #configure(message: Message<'configure'>): Promise<void> {
    const { boss, run_id } = message
    const settings = effectiveSettings(message.settings)
    const adjustments = adjustmentsOf(settings)
    this.#configuration = { ...message, settings, adjustments }
    const setup = this.#setup
    if (boss !== undefined || run_id !== undefined) {
      await setup?.lock.describe({ boss: boss ?? '', run_id: run_id ?? '' })
    }
    const ccache = usesCcache({ ccache: setup?.ccache ?? null, settings })
    this.#remoteCache = ccache ? await this.#remoteCacheFor(settings) : ''
    this.#send({ resp: 'configure_done', ccache })
  }

  /** Address of a compiler cache of all machines, for ccache; empty for none. */
  async #remoteCacheFor({ shared_cache, remote_cache }: WorkerSettings): Promise<string> {
    const { channel, children, env } = this.#options
    if (!shared_cache && remote_cache === '') return ''
    if (await isRemoteCacheSet(children, inheritedEnvironment(env))) return ''
    if (remote_cache !== '') return remote_cache
    this.#sharedCache ??= await openSharedCache({
      send: (said) => this.#send(said),
      backlog: () => channel.backlog(),
    })
    return this.#sharedCache.url
  }

  async #prepare(message: Message<'build_prepare'>): Promise<void> {
    const { commits, max_boards, boards_expected } = message
    const setup = this.#setup
    const configuration = this.#configuration
    if (setup === null || configuration === null) {
      throw new Error(`${message.cmd} comes after setup and configure`)
    }
    const busy = this.#slots?.counts()
    if (busy && busy.building + busy.queued > 0) throw new Error('the last series is not done yet')
    this.#slots = null
    const { git, workDir } = setup
    const hashes = await resolveCommits(git, commits)
    await rm(join(workDir, 'kept'), { recursive: true, force: true })
    await forgetOldBases(workDir)
    const slots = max_boards || this.#threads
    const used = boards_expected > 0 ? Math.min(slots, boards_expected) : slots
    this.#send({ resp: 'build_started', num_threads: used })
    const { settings, blobs } = configuration
    if (blobs) await checkOut(git, blobsFolder(workDir), blobs.commit)
    const folderPerBoard = usesCcache({ ccache: setup.ccache, settings })
    const trees = createTrees({ git, workDir, hashes, folderPerBoard, slots })
    await trees.prepare(used, (thread) => this.#send({ resp: 'worktree_created', thread }))
    const make = await this.#gnuMake(await trees.at(0, 0))
    const series = this.#series(setup, configuration, { trees, hashes, make })
    this.#slots = createSlots({ ...series, currentSource: commits.every((c) => c === null) }, slots)
    this.#send({ resp: 'build_prepare_done' })
  }

  /** What the tree says GNU make is called here. */
  async #gnuMake(tree: string): Promise<string> {
    const { children, env } = this.#options
    const asked = { cwd: tree, env: inheritedEnvironment(env) }
    const said = await children.capture(['scripts/show-gnu-make'], asked)
    return (said.code === 0 && said.stdout.trim()) || 'make'
  }

  #series(
    { workDir, git, jobserver, ccache }: WorkerSetup,
    { settings, toolchains, make_flags, blobs, adjustments }: Configuration,
    { trees, hashes, make }: Pick<Series, 'trees' | 'make'> & { readonly hashes: string[] },
  ): Omit<Series, 'currentSource'> {
    const { children, env } = this.#options
    const { words, inherited } = blobWordsOf(
      blobs?.variables ?? {},
      workDir,
      inheritedEnvironment(env),
    )
    const changed = askedOnce((from, to) => changedFiles(git, from, to))
    const embedding = new Map<number, Promise<boolean>>()
    return {
      children,
      workDir,
      trees,
      cacheWarmUp: createCacheWarmUp({
        threads: this.#threads,
        ccache: usesCcache({ ccache, settings }),
        jobs: settings.jobs,
        idleShare: createIdleMeter(),
      }),
      hashes,
      shape: JSON.stringify([{ ...settings, shared_cache: false }, adjustments, blobs]),
      changedBetween: (from, to) => changed(hashes[from] ?? '', hashes[to] ?? ''),
      sourceChange: askedOnce((from, to) => sourceChange(git, from, to)),
      embedsFiles({ tree }, { slot, commit_upto }) {
        const known = embedding.get(commit_upto) ?? embedsFiles(git, tree, slot)
        embedding.set(commit_upto, known)
        return known
      },
      jobserver,
      threads: this.#threads,
      make,
      ccache,
      remoteCache: this.#remoteCache,
      inherited,
      settings,
      adjustments,
      toolchains,
      makeFlagsOf: (board) => [...(ownValue(make_flags, board) ?? []), ...(words.get(board) ?? [])],
      send: (message) => this.#send(message),
      onLog: (building, log) => this.#logs.begin(building, log),
    }
  }

  async #buildBoards(message: Message<'build_boards'>): Promise<void> {
    const { boards, commits } = message
    await this.#prepare({
      cmd: 'build_prepare',
      commits,
      max_boards: 0,
      boards_expected: boards.length,
    })
    for (const board of boards) this.#buildBoard({ cmd: 'build_board', ...board })
    this.#sayWhenDone()
  }

  #buildBoard({ cmd, ...work }: Message<'build_board'>): void {
    const about = { cmd, board: work.board }
    if (this.#slots === null) {
      this.#refuse('bad_order', 'build_prepare comes first', about)
    } else if (!this.#slots.add(work)) {
      this.#refuse('bad_board', `${work.board} is being built here already, or waits`, about)
    }
  }

  #sayWhenDone(): void {
    const done = this.#slots?.idle() ?? Promise.resolve(0)
    void done.then((exceptions) => this.#send({ resp: 'build_done', exceptions }))
  }

  #fetchOutput({ cmd, board, commit_upto }: Message<'fetch_output'>): void {
    const { channel } = this.#options
    const workDir = this.#setup?.workDir
    if (workDir === undefined) {
      this.#refuse('bad_order', 'setup comes first', { cmd, board })
      return
    }
    const folder = keptFolder(workDir, board, commit_upto)
    this.#fetching = this.#fetching.then(() => sendOutputs(channel, folder, { board, commit_upto }))
  }

  async #orRefuse(code: ErrorCode, { cmd }: { cmd: string }, action: () => Promise<void>) {
    try {
      await action()
    } catch (error) {
      this.#refuse(code, error instanceof Error ? error.message : String(error), { cmd })
    }
  }

  #refuse(
    code: ErrorCode,
    msg: string,
    about: Partial<Pick<ErrorMessage, 'cmd' | 'board' | 'holder'>> = {},
  ): void {
    const { cmd, board, holder } = about
    this.#send({
      resp: 'error',
      msg,
      code,
      ...(cmd !== undefined && { cmd }),
      ...(board !== undefined && { board }),
      ...(holder !== undefined && { holder }),
    })
  }

  #send(message: WorkerMessageInput): void {
    if (this.#closed) return
    this.#options.channel.send(message.resp === 'build_result' ? fitResult(message) : message)
  }
}

/** All boards of a series ask the same of the same commits. */
function askedOnce<Answer>(
  ask: (from: string, to: string) => Promise<Answer>,
): (from: string, to: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>()
  return (from, to) => {
    const key = `${from} ${to}`
    const answer = answers.get(key) ?? ask(from, to)
    answers.set(key, answer)
    return answer
  }
}

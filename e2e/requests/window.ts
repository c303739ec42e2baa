import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from '../../src-core/result.ts'
import { nobodyToAsk } from '../../src-main/machines/ssh-login/asker.ts'
import { bisectHandlers } from '../../src-main/requests/bisect-handlers.ts'
import { blobHandlers } from '../../src-main/requests/blob-handlers.ts'
import { buildHandlers } from '../../src-main/requests/build-handlers.ts'
import { comparisonHandlers } from '../../src-main/requests/comparison-handlers.ts'
import { machineHandlers } from '../../src-main/requests/machine-handlers.ts'
import { providerHandlers } from '../../src-main/requests/provider-handlers.ts'
import { createRouter } from '../../src-main/requests/request-router.ts'
import { runHandlers } from '../../src-main/requests/run-handlers.ts'
import { terminalHandlers } from '../../src-main/requests/terminals/terminal-handlers.ts'
import { createTerminals, type Terminals } from '../../src-main/requests/terminals/terminals.ts'
import { treeHandlers } from '../../src-main/requests/tree-handlers.ts'
import { WindowBoss } from '../../src-main/requests/window-boss.ts'
import { WindowSearch } from '../../src-main/requests/window-search.ts'
import type { Args, Events, Reply, RequestName } from '../../src-preload/contract.ts'
import { bundlePrograms, type Programs } from '../programs.ts'

/** What an answer holds; throws where it is a problem. */
export function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

/** A window without a window: it asks the boss over its router, and keeps what it is told. */
export type Window = {
  readonly dir: string
  readonly windowBoss: WindowBoss
  readonly terminals: Terminals
  /** Rejects where the request itself fails, which no expected failure does. */
  ask<N extends RequestName>(name: N, args: Args<N>): Promise<Reply<N>>
  /** Settles with the first such event, of those before too, that `is` holds of. */
  next<E extends keyof Events>(name: E, is?: (payload: Events[E]) => boolean): Promise<Events[E]>
  told<E extends keyof Events>(name: E): readonly Events[E][]
  /** Opens another one on the same folders beside it; `leave` it before this one is closed. */
  another(): Window
  leave(): Promise<void>
  /** Closes this boss and opens another one on the same folders, as a new start of the app does. */
  restart(): Promise<Window>
  close(): Promise<void>
}

/** A boss with folders of its own below `dir`, and the programs as they are shipped. */
export async function openWindow(toolchainMirror = ''): Promise<Window> {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-window-boss-'))
  return openOn(dir, await bundlePrograms(join(dir, 'program')), toolchainMirror)
}

type Told = { readonly name: keyof Events; readonly payload: Events[keyof Events] }

function openOn(dir: string, programs: Programs, toolchainMirror: string): Window {
  const all: Told[] = []
  const waiting = new Set<(one: Told) => void>()
  const emit = <E extends keyof Events>(name: E, payload: Events[E]) => {
    all.push({ name, payload })
    for (const offer of waiting) offer({ name, payload })
  }
  const cacheDir = join(dir, 'cache')
  const windowBoss = new WindowBoss({
    emit,
    cacheDir,
    stateDir: join(dir, 'state'),
    workerFile: programs.worker,
    scanThread: programs.scanThread,
    ask: nobodyToAsk,
    demoDir: join(dir, 'demo'),
    defaultConfigFile: join(dir, 'buildman'),
  })
  const terminals = createTerminals({
    data: (id, data) => emit('terminal:data', { id, data }),
    exit: (id, code) => emit('terminal:exit', { id, code }),
  })
  const route = createRouter(
    {
      ...treeHandlers({
        cacheDir,
        scanThread: programs.scanThread,
        sampleResources: join(import.meta.dirname, '../../resources/sample-tree'),
        sampleDir: join(dir, 'sample-tree'),
      }),
      ...machineHandlers({ windowBoss, emit, toolchainMirror: () => toolchainMirror }),
      ...providerHandlers(windowBoss),
      ...blobHandlers(windowBoss),
      ...runHandlers(windowBoss),
      ...comparisonHandlers({ windowBoss, emit, scanThread: programs.scanThread }),
      ...bisectHandlers(windowBoss, new WindowSearch(windowBoss, emit)),
      ...buildHandlers(windowBoss, () => 'true'),
      ...terminalHandlers({ windowBoss, terminals }),
    },
    () => {},
  )

  async function leave(): Promise<void> {
    await Promise.all([windowBoss.close(), terminals.closeAll()])
  }

  return {
    dir,
    windowBoss,
    terminals,
    async ask<N extends RequestName>(name: N, args: Args<N>) {
      const answer = await route(name, args)
      if (!answer.ok) throw new Error(answer.error)
      return answer.reply as Reply<N>
    },
    next<E extends keyof Events>(name: E, is: (payload: Events[E]) => boolean = () => true) {
      return new Promise<Events[E]>((resolve) => {
        const offer = (one: Told) => {
          const payload = one.payload as Events[E]
          if (one.name !== name || !is(payload)) return
          waiting.delete(offer)
          resolve(payload)
        }
        waiting.add(offer)
        for (const one of all) offer(one)
      })
    },
    told: <E extends keyof Events>(name: E) =>
      all.filter((one) => one.name === name).map(({ payload }) => payload as Events[E]),
    another: () => openOn(dir, programs, toolchainMirror),
    leave,
    async restart() {
      await leave()
      return openOn(dir, programs, toolchainMirror)
    },
    async close() {
      await leave()
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

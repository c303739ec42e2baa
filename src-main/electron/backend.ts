import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import type { ChosenColours } from '../../src-core/machine-colours.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { Question, RequestName } from '../../src-preload/contract.ts'
import { defaultConfigFile } from '../buildman-config/read-config.ts'
import { bisectHandlers } from '../requests/bisect-handlers.ts'
import { blobHandlers } from '../requests/blob-handlers.ts'
import { buildHandlers } from '../requests/build-handlers.ts'
import { comparisonHandlers } from '../requests/comparison-handlers.ts'
import { machineHandlers } from '../requests/machine-handlers.ts'
import { providerHandlers } from '../requests/provider-handlers.ts'
import { createQuestions } from '../requests/questions.ts'
import type { Handlers } from '../requests/request-router.ts'
import { runHandlers } from '../requests/run-handlers.ts'
import { terminalHandlers } from '../requests/terminals/terminal-handlers.ts'
import { createTerminals, type Terminals } from '../requests/terminals/terminals.ts'
import { treeHandlers } from '../requests/tree-handlers.ts'
import { type Emit, WindowBoss } from '../requests/window-boss.ts'
import { WindowSearch } from '../requests/window-search.ts'
import { userPlaces } from '../user-places.ts'
import type { AppPaths } from './app-paths.ts'
import { startWorkerProcess } from './local-worker.ts'
import type { AppRequest } from './window/app-handlers.ts'
import type { DialogRequest } from './window/dialog-handlers.ts'

/** What is asked of the boss rather than of Electron. */
type BackendRequest = Exclude<RequestName, AppRequest | DialogRequest>

/** Everything behind the window that is not Electron's. */
export type Backend = {
  readonly windowBoss: WindowBoss
  readonly terminals: Terminals
  readonly handlers: Handlers<BackendRequest>
  /** What a page that was loaded anew has to be asked again. */
  pendingQuestions(): readonly Question[]
  /** Those that a person gave to machines. */
  colours(): ChosenColours
  use(settings: AppSettings): Promise<void>
  close(): Promise<void>
}

export async function openBackend(
  paths: AppPaths,
  settings: AppSettings,
  emit: Emit,
): Promise<Backend> {
  let current = settings
  const { cacheDir, stateDir } = userPlaces()
  const questions = createQuestions((question) => emit('question:asked', question))
  const terminals = createTerminals({
    data: (id, data) => emit('terminal:data', { id, data }),
    exit: (id, code) => emit('terminal:exit', { id, code }),
  })
  const windowBoss = new WindowBoss({
    emit,
    cacheDir,
    stateDir,
    workerFile: paths.worker,
    scanThread: paths.scanBoards,
    ask: questions.asker,
    startLocalWorker: () => startWorkerProcess(paths.worker),
    demoDir: join(app.getPath('userData'), 'demo'),
    defaultConfigFile: process.env.SLIPWAY_BUILDMAN ?? defaultConfigFile(homedir()),
  })
  await windowBoss.use(settings)
  return {
    windowBoss,
    terminals,
    handlers: handlersOf(),
    pendingQuestions: questions.pending,
    colours: () => current.machineColours,
    use(next) {
      current = next
      return windowBoss.use(next)
    },
    async close() {
      await Promise.all([windowBoss.close(), terminals.closeAll()])
    },
  }

  function handlersOf(): Handlers<BackendRequest> {
    return {
      ...treeHandlers({
        cacheDir,
        scanThread: paths.scanBoards,
        sampleResources: paths.sampleTree,
        sampleDir: join(app.getPath('userData'), 'sample-tree'),
      }),
      ...machineHandlers({ windowBoss, emit, toolchainMirror: () => current.toolchainMirror }),
      ...providerHandlers(windowBoss),
      ...blobHandlers(windowBoss),
      ...runHandlers(windowBoss),
      ...comparisonHandlers({ windowBoss, emit, scanThread: paths.scanBoards }),
      ...bisectHandlers(windowBoss, new WindowSearch(windowBoss, emit)),
      ...buildHandlers(windowBoss, () => current.editorCommand),
      ...terminalHandlers({ windowBoss, terminals }),
      'question:answer': ({ id, answer }) => questions.answer(id, answer),
    }
  }
}

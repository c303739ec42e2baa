import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { Question, RequestName } from '../../src-preload/contract.ts'
import { defaultConfigFile } from '../buildman-config/read-config.ts'
import { buildHandlers } from '../requests/build-handlers.ts'
import { machineHandlers } from '../requests/machine-handlers.ts'
import { createQuestions } from '../requests/questions.ts'
import type { Handlers } from '../requests/request-router.ts'
import { runHandlers } from '../requests/run-handlers.ts'
import { terminalHandlers } from '../requests/terminals/terminal-handlers.ts'
import { createTerminals, type Terminals } from '../requests/terminals/terminals.ts'
import { treeHandlers } from '../requests/tree-handlers.ts'
import { createDesk, type Desk, type Emit } from '../requests/window-requests.ts'
import { userPlaces } from '../user-places.ts'
import type { AppPaths } from './app-paths.ts'
import { startWorkerProcess } from './local-worker.ts'
import type { AppRequest } from './window/app-handlers.ts'
import type { DialogRequest } from './window/dialog-handlers.ts'

/** What is asked of the boss rather than of Electron. */
type WorkplaceRequest = Exclude<RequestName, AppRequest | DialogRequest>

/** Everything behind the window that is not Electron's. */
export type Workplace = {
  readonly desk: Desk
  readonly terminals: Terminals
  readonly handlers: Handlers<WorkplaceRequest>
  /** What a page that was loaded anew has to be asked again. */
  pendingQuestions(): readonly Question[]
  use(settings: AppSettings): Promise<void>
  close(): Promise<void>
}

export async function openWorkplace(
  paths: AppPaths,
  settings: AppSettings,
  emit: Emit,
): Promise<Workplace> {
  let current = settings
  const { cacheDir, stateDir } = userPlaces()
  const questions = createQuestions((question) => emit('question:asked', question))
  const terminals = createTerminals({
    data: (id, data) => emit('terminal:data', { id, data }),
    exit: (id, code) => emit('terminal:exit', { id, code }),
  })
  const desk = createDesk({
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
  await desk.use(settings)
  return {
    desk,
    terminals,
    handlers: handlersOf(),
    pendingQuestions: questions.pending,
    use(next) {
      current = next
      return desk.use(next)
    },
    async close() {
      await Promise.all([desk.close(), terminals.closeAll()])
    },
  }

  function handlersOf(): Handlers<WorkplaceRequest> {
    return {
      ...treeHandlers({
        cacheDir,
        scanThread: paths.scanBoards,
        sampleResources: paths.sampleTree,
        sampleDir: join(app.getPath('userData'), 'sample-tree'),
      }),
      ...machineHandlers({ desk, emit, toolchainMirror: () => current.toolchainMirror }),
      ...runHandlers(desk),
      ...buildHandlers(desk, () => current.editorCommand),
      ...terminalHandlers({ desk, terminals }),
      'question:answer': ({ id, answer }) => questions.answer(id, answer),
    }
  }
}

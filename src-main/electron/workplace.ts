import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import type { Question, RequestName } from '../../src-preload/contract.ts'
import type { AppSettings } from '../../src-preload/schemas.ts'
import { buildHandlers } from '../desk/build-handlers.ts'
import { createDesk, type Desk, type Emit } from '../desk/desk.ts'
import { machineHandlers } from '../desk/machine-handlers.ts'
import { createQuestions } from '../desk/questions.ts'
import type { Handlers } from '../desk/request-router.ts'
import { runHandlers } from '../desk/run-handlers.ts'
import { terminalHandlers } from '../desk/terminal-handlers.ts'
import { createTerminals, type Terminals } from '../desk/terminals.ts'
import { treeHandlers } from '../desk/tree-handlers.ts'
import { defaultConfigFile } from '../settings/buildman-config.ts'
import { userPlaces } from '../settings/user-places.ts'
import type { AppRequest } from './app-handlers.ts'
import type { AppPaths } from './app-paths.ts'
import type { DialogRequest } from './dialog-handlers.ts'
import { startWorkerProcess } from './local-worker.ts'

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

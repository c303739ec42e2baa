import { type BrowserWindow, dialog, shell } from 'electron'
import type { ChosenColours } from '../../../src-core/machine-colours.ts'
import { fail, ok } from '../../../src-core/result.ts'
import { runFileEnding } from '../../../src-core/sending/run-file.ts'
import { writeReport } from '../../reports/write-report.ts'
import { placeOf } from '../../requests/build-handlers.ts'
import { saveProblemReport } from '../../requests/problem-reports.ts'
import type { Handlers } from '../../requests/request-router.ts'
import { saveSentRun } from '../../requests/run-files.ts'
import { saveRunReport } from '../../requests/run-reports.ts'
import type { WindowBoss } from '../../requests/window-boss.ts'
import { appLogFile } from '../app-log.ts'
import { readSettings } from '../app-settings/settings-file.ts'
import { versions } from '../versions.ts'
import { settingsFile } from './app-handlers.ts'

export type DialogRequest =
  | 'tree:choose'
  | 'run:report'
  | 'run:open-file'
  | 'run:picture'
  | 'run:save-file'
  | 'run:take-given'
  | 'build:open-folder'
  | 'app:problem-report'

/** What a file is, by the ending of its name. */
const kinds: Readonly<Record<string, string>> = {
  html: 'Web page',
  xml: 'JUnit XML',
  sarif: 'SARIF',
  json: 'Trace',
  txt: 'Text',
  png: 'Picture',
  [runFileEnding]: 'Run',
}

export type DialogOptions = {
  readonly window: () => BrowserWindow | undefined
  readonly windowBoss: () => WindowBoss
  /** Colours that a person gave to machines. */
  readonly colours: () => ChosenColours
  /** The run's file that the app is to open; empty for none, and the next time. */
  readonly takeGiven: () => string
}

/** What the system's own dialogs ask, and what its browser of files shows. */
export function dialogHandlers(needs: DialogOptions): Handlers<DialogRequest> {
  const askPath = async (name: string, ending: string) => {
    const filters = [{ name: kinds[ending] ?? ending, extensions: [ending] }]
    const options = { defaultPath: `${name}.${ending}`, filters }
    const parent = needs.window()
    const chosen = parent
      ? await dialog.showSaveDialog(parent, options)
      : await dialog.showSaveDialog(options)
    return chosen.canceled || !chosen.filePath ? null : chosen.filePath
  }
  const askRunFile = async () => {
    const filters = [{ name: kinds[runFileEnding] ?? '', extensions: [runFileEnding] }]
    const options = { title: 'Open a run', filters, properties: ['openFile' as const] }
    const parent = needs.window()
    const chosen = parent
      ? await dialog.showOpenDialog(parent, options)
      : await dialog.showOpenDialog(options)
    return chosen.filePaths[0] ?? null
  }
  return {
    'tree:choose': async () => {
      const options = { title: 'Open a U-Boot tree', properties: ['openDirectory' as const] }
      const parent = needs.window()
      const chosen = parent
        ? await dialog.showOpenDialog(parent, options)
        : await dialog.showOpenDialog(options)
      return chosen.filePaths[0] ?? null
    },
    'build:open-folder': async (ref) => {
      const place = await placeOf(needs.windowBoss(), ref)
      if (!place.ok) return place
      const { folder } = place.value
      if (folder === '') return fail('That run came as a file: its folders are elsewhere')
      const problem = await shell.openPath(folder)
      return problem === '' ? ok(undefined) : fail(`${folder} can't be shown: ${problem}`)
    },
    'run:report': (wanted) =>
      saveRunReport(needs.windowBoss(), wanted, { askPath, colours: needs.colours() }),
    'run:take-given': needs.takeGiven,
    'run:save-file': (wanted) => saveSentRun(needs.windowBoss(), wanted, askPath),
    'run:open-file': async ({ path }) => {
      const file = path || (await askRunFile())
      return file === null ? ok(null) : needs.windowBoss().openFile(file)
    },
    'app:problem-report': async () => {
      const { settings } = await readSettings(settingsFile())
      const facts = { versions: versions(), settings, logFile: appLogFile() }
      return saveProblemReport(needs.windowBoss(), facts, askPath)
    },
    'run:picture': async ({ name, base64 }) => {
      const path = await askPath(name, 'png')
      if (path === null) return ok(null)
      const written = await writeReport(path, Buffer.from(base64, 'base64'))
      return written.ok ? ok(path) : written
    },
  }
}

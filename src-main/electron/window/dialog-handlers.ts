import { writeFile } from 'node:fs/promises'
import { type BrowserWindow, dialog } from 'electron'
import { fail, ok } from '../../../src-core/result.ts'
import { messageOf } from '../../error-text.ts'
import type { Handlers } from '../../requests/request-router.ts'

export type DialogRequest = 'tree:choose' | 'run:export'

const kinds = {
  html: { name: 'Web page', extensions: ['html'] },
  png: { name: 'Picture', extensions: ['png'] },
  txt: { name: 'Text', extensions: ['txt'] },
}

/** What the system's own dialogs ask. */
export function dialogHandlers(window: () => BrowserWindow | undefined): Handlers<DialogRequest> {
  return {
    'tree:choose': async () => {
      const options = { title: 'Open a U-Boot tree', properties: ['openDirectory' as const] }
      const parent = window()
      const chosen = parent
        ? await dialog.showOpenDialog(parent, options)
        : await dialog.showOpenDialog(options)
      return chosen.filePaths[0] ?? null
    },
    'run:export': async ({ name, kind, base64 }) => {
      const options = { defaultPath: `${name}.${kind}`, filters: [kinds[kind]] }
      const parent = window()
      const chosen = parent
        ? await dialog.showSaveDialog(parent, options)
        : await dialog.showSaveDialog(options)
      if (chosen.canceled || !chosen.filePath) return ok(null)
      try {
        await writeFile(chosen.filePath, Buffer.from(base64, 'base64'))
        return ok(chosen.filePath)
      } catch (error) {
        const why = messageOf(error)
        return fail(`${chosen.filePath} could not be written: ${why}`, 'Choose another folder')
      }
    },
  }
}

import { join } from 'node:path'
import { app, clipboard, nativeTheme, shell } from 'electron'
import packageJson from '../../../package.json' with { type: 'json' }
import { packageOrigin, releasesAddress } from '../../../src-core/releases.ts'
import { fail, ok } from '../../../src-core/result.ts'
import type { AppSettings } from '../../../src-core/schemas.ts'
import { messageOf } from '../../error-text.ts'
import type { Handlers } from '../../requests/request-router.ts'
import { findUpdate } from '../../updates/find-update.ts'
import { readSettings, writeSettings } from '../app-settings/settings-file.ts'
import { settingsWrites } from '../app-settings/settings-writes.ts'
import { versions } from '../versions.ts'
import { allowedLink } from './links.ts'

export type AppRequest =
  | 'app:update'
  | 'app:versions'
  | 'settings:get'
  | 'settings:set'
  | 'link:open'
  | 'clipboard:write'

export function settingsFile(): string {
  return join(app.getPath('userData'), 'settings.json')
}

const writes = settingsWrites((settings) => writeSettings(settingsFile(), settings))

/** Waits for what a person changed last to be on the disk, but on one that hangs no longer than `limitMs`. */
export function settingsWritten(limitMs: number): Promise<void> {
  return writes.ended(limitMs)
}

/** Makes the window follow the settings that Electron itself has to know. */
export function applySettings(settings: AppSettings): void {
  nativeTheme.themeSource = settings.theme
}

/** What the app answers by itself, without a boss. */
export function appHandlers(
  onSettings: (settings: AppSettings) => Promise<void>,
): Handlers<AppRequest> {
  return {
    'app:versions': versions,
    'app:update': async () => {
      const { settings } = await readSettings(settingsFile())
      const address = releasesAddress(settings.releasesAddress, packageOrigin.parse(packageJson))
      return findUpdate(address, app.getVersion())
    },
    'settings:get': () => readSettings(settingsFile()),
    'settings:set': async (settings) => {
      try {
        await writes.add(settings)
      } catch (error) {
        const why = messageOf(error)
        return fail(`${settingsFile()} could not be written: ${why}`, 'Check its folder and disk.')
      }
      applySettings(settings)
      await onSettings(settings)
      return ok(settings)
    },
    'link:open': async ({ url }) => {
      const link = allowedLink(url)
      if (!link.ok) return link
      await shell.openExternal(link.value)
      return ok(undefined)
    },
    'clipboard:write': ({ text }) => clipboard.writeText(text),
  }
}

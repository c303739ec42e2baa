import { type AppSettings, appSettings } from '../../../src-core/schemas.ts'
import { readJsonFile, writeJsonFile } from '../../json-file.ts'
import { describeIssues } from '../../requests/request-router.ts'

export type ReadSettings = {
  readonly settings: AppSettings
  /** What was wrong in the file and what was done about it, for people. */
  readonly warnings: string[]
}

/**
 * Reads the app's own settings. A field of a wrong type falls back to its default, alone, and is
 * named in the warnings; the file stays as it is until settings are next written.
 */
export async function readSettings(file: string): Promise<ReadSettings> {
  const json = await readJsonFile(file)
  switch (json.kind) {
    case 'absent':
      return { settings: appSettings.parse({}), warnings: [] }
    case 'damaged':
      return {
        settings: appSettings.parse({}),
        warnings: [
          `${file} is not JSON (${json.why}); it is kept as ${json.keptAs}, the defaults apply.`,
        ],
      }
    case 'read':
      return fromJson(file, json.value)
  }
}

/** @throws where the disk refuses */
export async function writeSettings(file: string, settings: AppSettings): Promise<void> {
  await writeJsonFile(file, appSettings.parse(settings))
}

function fromJson(file: string, value: unknown): ReadSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const warning = `${file}: expected an object; the defaults apply.`
    return { settings: appSettings.parse({}), warnings: [warning] }
  }
  const good: Record<string, unknown> = {}
  const warnings: string[] = []
  for (const [key, field] of Object.entries(value)) {
    if (!isSetting(key)) {
      warnings.push(`${file}: there is no setting "${key}"; it is left out.`)
      continue
    }
    const parsed = appSettings.shape[key].safeParse(field)
    if (parsed.success) good[key] = parsed.data
    else warnings.push(`${file}: "${key}": ${describeIssues(parsed.error)}; its default applies.`)
  }
  return { settings: appSettings.parse(good), warnings }
}

function isSetting(key: string): key is keyof AppSettings {
  return Object.hasOwn(appSettings.shape, key)
}

import type { TakenBlob } from '../blobs/board-blobs.ts'
import { type BuildSettings, isChanged } from './build-settings.ts'
import { type OptionKey, optionList } from './option-table.ts'

/** Written in every fingerprint, changed or not. All others are written only where they are changed. */
const alwaysWritten: ReadonlySet<OptionKey> = new Set(['makeTarget', 'adjustConfig', 'fragments'])

/**
 * What of the settings changes a result, as text. A result that was built with others does not count
 * as done (buildman keeps it, and then shows a configured board as built). Results on disk hold this
 * text: the same settings must give the same text for ever, so the table's order is kept and a new
 * option must say nothing at its default.
 * @param blobs firmware of others that the board is given, in order of its names
 */
export function settingsFingerprint(
  settings: BuildSettings,
  makeFlags: readonly string[] = [],
  blobs: readonly Pick<TakenBlob, 'name' | 'sha256'>[] = [],
): string {
  const changed = optionList.filter(
    ([key, option]) => option.shapesResults && isChanged(settings, key) && !alwaysWritten.has(key),
  )
  const switches = changed.filter(([, { kind }]) => kind === 'switch')
  const others = changed.filter(([, { kind }]) => kind !== 'switch')
  const lists = [settings.adjustConfig, settings.fragments, makeFlags]
  return [
    ...switches.map(([key]) => (settings[key] === true ? key : `no-${key}`)),
    `target=${settings.makeTarget}`,
    ...lists.map((list) => JSON.stringify(list)),
    ...others.map(([key]) => `${key}=${JSON.stringify(settings[key])}`),
    ...blobs.map(({ name, sha256 }) => `blob ${JSON.stringify(name)}=${sha256}`),
  ].join(' ')
}

/** `[blobs]` of `~/.buildman`: where firmware of others lies that images need. Ours; buildman passes it over. */
import {
  type BlobRule,
  type BlobRules,
  largestBlobBound,
  usualBlobBounds,
} from '../../src-core/blobs/blob-rules.ts'
import type { ConfigItem, ConfigReader } from './config-values.ts'
import { expandHome } from './expand-home.ts'

/** `[blobs:NAME]` starts so. */
const BLOBS_SECTION = 'blobs:'

/** Keys that are no names of files: where all of them may lie, and bounds in MB. */
export const blobKeys = { folders: 'folders', maxMb: 'max_mb', maxFileMb: 'max_file_mb' } as const

export function readBlobRules(reader: ConfigReader, home: string): BlobRules {
  const rules: BlobRule[] = []
  const folders: BlobRules['folders'][number][] = []
  const bounds = { ...usualBlobBounds }
  const names = reader.sections.map(({ name }) => name)
  for (const section of new Set(names.filter(isBlobsSection))) {
    const only = scopeOfSection(section)
    for (const item of reader.items(section)) {
      const { key, value } = item
      if (key === blobKeys.maxMb) bounds.maxMb = readBound(reader, item) ?? bounds.maxMb
      else if (key === blobKeys.maxFileMb) {
        bounds.maxFileMb = readBound(reader, item) ?? bounds.maxFileMb
      } else if (value === '') {
        reader.warn(item, 'has no file and is ignored; write NAME = FILE')
      } else if (key === blobKeys.folders) {
        const listed = value.split(/[,\n]/).map((path) => path.trim())
        const paths = listed.filter((path) => path !== '')
        folders.push(...paths.map((path) => ({ only, path: expandHome(path, home) })))
      } else {
        rules.push({ only, pattern: key, path: expandHome(value, home) })
      }
    }
  }
  return { rules, folders, ...bounds }
}

export function isBlobsSection(name: string): boolean {
  return name === 'blobs' || name.startsWith(BLOBS_SECTION)
}

/** The board or SoC of a section of blobs; empty for all boards. */
export function scopeOfSection(name: string): string {
  return name.slice(BLOBS_SECTION.length).trim()
}

export function sectionOfScope(only: string): string {
  return only === '' ? 'blobs' : `${BLOBS_SECTION}${only}`
}

function readBound(reader: ConfigReader, item: ConfigItem): number | null {
  const bound = Number(item.value)
  if (/^\d+$/.test(item.value) && bound >= 1 && bound <= largestBlobBound) return bound
  reader.warn(item, `takes a whole number of MB from 1 to ${largestBlobBound}`)
  return null
}

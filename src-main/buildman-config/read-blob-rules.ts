/** `[blobs]` of `~/.buildman`: where firmware of others lies that images need. Ours; buildman passes it over. */

import type { ConfigItem, ConfigReader } from './config-values.ts'
import { expandHome } from './expand-home.ts'

/** `[blobs:NAME]` starts so. */
export const BLOBS_SECTION = 'blobs:'

/** A line of `[blobs]` or `[blobs:NAME]`: name or glob = file, or a folder that has a file of that name. */
export type BlobRule = {
  /** A board or an SoC; empty for all boards. */
  readonly only: string
  /** In lower case, as the file's keys are read. */
  readonly pattern: string
  /** `~` expanded. */
  readonly path: string
}

export type BlobRules = {
  readonly rules: readonly BlobRule[]
  /** Folders in which all needed files are looked for. */
  readonly folders: readonly Omit<BlobRule, 'pattern'>[]
  /** Bounds of what a run sends, in MB: together, and of one file. */
  readonly maxMb: number
  readonly maxFileMb: number
}

const usualMaxMb = 256
const usualMaxFileMb = 64
/** Far above what any image takes; a run has to hold it on every machine. MB. */
const largestBound = 16 * 1024

export function readBlobRules(reader: ConfigReader, home: string): BlobRules {
  const rules: BlobRule[] = []
  const folders: BlobRules['folders'][number][] = []
  const bounds = { max_mb: usualMaxMb, max_file_mb: usualMaxFileMb }
  const names = reader.sections.map(({ name }) => name)
  for (const section of new Set(names.filter(isBlobsSection))) {
    const only = section.slice(BLOBS_SECTION.length).trim()
    for (const item of reader.items(section)) {
      const { key, value } = item
      if (key === 'max_mb' || key === 'max_file_mb') {
        bounds[key] = readBound(reader, item) ?? bounds[key]
      } else if (value === '') {
        reader.warn(item, 'has no file and is ignored; write NAME = FILE')
      } else if (key === 'folders') {
        const listed = value.split(/[,\n]/).map((path) => path.trim())
        const paths = listed.filter((path) => path !== '')
        folders.push(...paths.map((path) => ({ only, path: expandHome(path, home) })))
      } else {
        rules.push({ only, pattern: key, path: expandHome(value, home) })
      }
    }
  }
  return { rules, folders, maxMb: bounds.max_mb, maxFileMb: bounds.max_file_mb }
}

export function isBlobsSection(name: string): boolean {
  return name === 'blobs' || name.startsWith(BLOBS_SECTION)
}

function readBound(reader: ConfigReader, item: ConfigItem): number | null {
  const bound = Number(item.value)
  if (/^\d+$/.test(item.value) && bound >= 1 && bound <= largestBound) return bound
  reader.warn(item, `takes a whole number of MB from 1 to ${largestBound}`)
  return null
}

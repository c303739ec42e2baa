/** `[blobs]` of `~/.buildman`: where firmware of others lies that images need. */

/** A line of `[blobs]` or `[blobs:NAME]`: name or glob = file, or a folder that has a file of that name. */
export type BlobRule = {
  /** A board or an SoC; empty for all boards. */
  readonly only: string
  /** In lower case, as the file's keys are read. */
  readonly pattern: string
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

export const usualBlobBounds = { maxMb: 256, maxFileMb: 64 }
/** Far above what any image takes; a run has to hold it on every machine. MB. */
export const largestBlobBound = 16 * 1024

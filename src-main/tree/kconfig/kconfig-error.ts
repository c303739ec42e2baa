/** A line of a Kconfig file; `file` is relative to the tree. */
export type KconfigPlace = { readonly file: string; readonly line: number }

/** Kconfig text that cannot be understood. Caught where a tree is read; never leaves `src-main/tree`. */
export class KconfigError extends Error {
  constructor(place: KconfigPlace, what: string) {
    super(`${place.file}:${place.line}: ${what}`)
    this.name = 'KconfigError'
  }
}

/**
 * How ccache looks for a compile. In `depend` mode by the source files alone: a miss costs nearly nothing.
 * In `preprocessor` mode also by what the preprocessor makes of them: a miss costs a third of the compile,
 * and boards of one SoC find what the first of them compiled although their configurations differ.
 */
export type CcacheMode = 'depend' | 'preprocessor'

export type ModeSigns = {
  /** Of the board; empty if unknown. */
  readonly group: string
  /** Others of its group are built in this run. */
  readonly siblings: boolean
  /** One of its group was compiled in `preprocessor` mode before. */
  readonly groupIsCached: boolean
  /** The host's compiler compiles the board, too: boards share its other work. */
  readonly isHosts: boolean
}

/** The dearer mode only where it can find something, in this run or a later one. */
export function modeFor({ group, siblings, groupIsCached, isHosts }: ModeSigns): CcacheMode {
  return group === '' || siblings || groupIsCached || isHosts ? 'preprocessor' : 'depend'
}

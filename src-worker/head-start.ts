/**
 * Boards that begin at the same time compile the same files at the same time, and none of them finds the
 * other's in the cache. So the first board of an architecture gets a head start: the others wait until
 * it is done, and hit. One make keeps a small machine busy, so that nothing is lost meanwhile; on a
 * large one they had better begin at once.
 */
export type HeadStart = {
  /** Resolves when a board of this architecture may begin; to be called when its first build is over. */
  readonly enter: (arch: string) => Promise<() => void>
}

/** As many threads as one make of U-Boot can use well. */
const BUSY_THREADS = 8

export function createHeadStart(threads: number, ccache: boolean): HeadStart {
  const firsts = new Map<string, Promise<void>>()
  return {
    async enter(arch) {
      const first = firsts.get(arch)
      if (!ccache || threads > BUSY_THREADS || first !== undefined) {
        await first
        return () => {}
      }
      let over = () => {}
      firsts.set(
        arch,
        new Promise((resolve) => {
          over = resolve
        }),
      )
      return () => over()
    },
  }
}

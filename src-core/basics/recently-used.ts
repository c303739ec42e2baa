/**
 * Things by name, as many of those used last as there is room for; one that is larger than all of the room is
 * not kept.
 *
 * @param room in whatever unit `sizeOf` counts
 */
export function recentlyUsed<Value>(room: number, sizeOf: (value: Value) => number = () => 1) {
  const kept = new Map<string, Value>()
  let taken = 0
  const forget = (name: string) => {
    const value = kept.get(name)
    if (value === undefined) return
    kept.delete(name)
    taken -= sizeOf(value)
  }
  return {
    get(name: string): Value | undefined {
      const value = kept.get(name)
      if (value !== undefined) {
        kept.delete(name)
        kept.set(name, value)
      }
      return value
    },
    set(name: string, value: Value): void {
      forget(name)
      if (sizeOf(value) > room) return
      kept.set(name, value)
      taken += sizeOf(value)
      for (const oldest of kept.keys()) {
        if (taken <= room) return
        forget(oldest)
      }
    },
    forget,
  }
}

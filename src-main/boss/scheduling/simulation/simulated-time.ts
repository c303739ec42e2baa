type Happening = { at: number; order: number; run: (now: number) => void }

/** Time that passes only from one happening to the next, milliseconds. */
export class SimulatedTime {
  private readonly heap: Happening[] = []
  private order = 0

  /** Things for one time happen in the order in which they were asked for. */
  at(time: number, run: (now: number) => void): void {
    this.order += 1
    push(this.heap, { at: time, order: this.order, run })
  }

  get isOver(): boolean {
    return this.heap.length === 0
  }

  /** Ends when nothing can happen any more, or after `limitMs`. */
  pass(limitMs: number): void {
    let now = 0
    for (let next = pop(this.heap); next && now < limitMs; next = pop(this.heap)) {
      now = next.at
      next.run(now)
    }
  }
}

function earlier(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Happening[], item: Happening): void {
  let index = heap.push(item) - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (!above || !earlier(item, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = item
}

function pop(heap: Happening[]): Happening | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (!top || !last || heap.length === 0) return top
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    let smaller = heap[child]
    const right = heap[child + 1]
    if (smaller && right && earlier(right, smaller)) {
      child += 1
      smaller = right
    }
    if (!smaller || !earlier(smaller, last)) break
    heap[index] = smaller
    index = child
  }
  heap[index] = last
  return top
}

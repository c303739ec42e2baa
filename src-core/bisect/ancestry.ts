/**
 * Which commits of a series come before which. A commit is named by its place: parents come before
 * their children, 0 is the commit known to be good, and what lies outside of the series counts as 0.
 */
export class Ancestry {
  readonly parents: readonly (readonly number[])[]
  private readonly words: number
  /** A row of bits a commit: itself, and all that comes before it. */
  private readonly bits: Uint32Array

  /** @param parents by commit; each lower than the commit itself */
  constructor(parents: readonly (readonly number[])[]) {
    this.parents = parents
    this.words = Math.ceil(parents.length / 32)
    this.bits = new Uint32Array(parents.length * this.words)
    for (const [commit, above] of parents.entries()) {
      for (const parent of above) this.addRow(commit, parent)
      const at = commit * this.words + (commit >>> 5)
      this.bits[at] = (this.bits[at] ?? 0) | (1 << (commit & 31))
    }
  }

  get count(): number {
    return this.parents.length
  }

  /** Whether `before` is `commit` itself or an ancestor of it. */
  reaches(commit: number, before: number): boolean {
    const word = this.bits[commit * this.words + (before >>> 5)] ?? 0
    return (word & (1 << (before & 31))) !== 0
  }

  /** `bad` and its ancestors without those of the good ones, ascending. */
  between(goods: readonly number[], bad: number): readonly number[] {
    const row = this.bits.slice(bad * this.words, (bad + 1) * this.words)
    for (const good of goods) {
      for (let at = 0; at < this.words; at += 1) {
        row[at] = (row[at] ?? 0) & ~(this.bits[good * this.words + at] ?? 0)
      }
    }
    return commitsIn(row)
  }

  /** Of each of these commits, how many of them it and its ancestors are. */
  weights(commits: readonly number[]): readonly number[] {
    const among = new Uint32Array(this.words)
    for (const commit of commits) {
      among[commit >>> 5] = (among[commit >>> 5] ?? 0) | (1 << (commit & 31))
    }
    return commits.map((commit) => {
      let weight = 0
      for (let at = 0; at < this.words; at += 1) {
        weight += bitsIn((this.bits[commit * this.words + at] ?? 0) & (among[at] ?? 0))
      }
      return weight
    })
  }

  /** The line of first parents that ends in `tip`. */
  mainLine(tip: number): ReadonlySet<number> {
    const line = new Set<number>()
    for (let at: number | undefined = tip; at !== undefined; at = this.parents[at]?.[0])
      line.add(at)
    return line
  }

  private addRow(to: number, from: number): void {
    for (let at = 0; at < this.words; at += 1) {
      const place = to * this.words + at
      this.bits[place] = (this.bits[place] ?? 0) | (this.bits[from * this.words + at] ?? 0)
    }
  }
}

function commitsIn(row: Uint32Array): number[] {
  const commits: number[] = []
  for (const [at, word] of row.entries()) {
    for (let bit = 0; word >>> bit !== 0 && bit < 32; bit += 1) {
      if ((word >>> bit) & 1) commits.push(32 * at + bit)
    }
  }
  return commits
}

function bitsIn(word: number): number {
  let count = 0
  for (let left = word; left !== 0; left &= left - 1) count += 1
  return count
}

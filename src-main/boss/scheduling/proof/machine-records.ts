/** A failed result, as far as results are compared; `words` are normalised lines. */
export type Failure = {
  readonly machine: string
  readonly words: readonly string[]
  /** Milliseconds. */
  readonly at: number
}

/** A build that failed, while it is not known yet whether the code is to blame. */
export type Suspicion = {
  readonly board: string
  readonly arch: string
  /** One a machine, oldest first. */
  readonly failures: Failure[]
  /** When it failed first, milliseconds. */
  readonly since: number
  /** Machines that said the same of other boards: asked last. */
  avoid: ReadonlySet<string>
}

/** What a machine has built in this run. */
type MachineRecord = {
  /** Good results by architecture. */
  readonly goods: Map<string, number>
  /** Boards that failed and not for the code's fault, as far as is known. */
  readonly bads: Set<string>
  /** Boards that failed since its last good result, unless the code was known to be at fault. */
  readonly streak: Set<string>
  /** When it began on the last board that went well, milliseconds. */
  lastGood: number
  /** Boards that it failed and another machine built. */
  readonly faults: Set<string>
}

/** A machine that failed fewer boards in a row is still taken for sound. */
const shortStreak = 3

/** What is known of one line of failures. */
type Line = {
  readonly saidBy: Set<string>
  readonly boards: Set<string>
  /** Machines that said so of a board which is well elsewhere. */
  readonly wrongOn: Set<string>
  proved: boolean
  /** When it was given up to find out, milliseconds; 0 if it was not. */
  hopelessAt: number
}

/**
 * What machines did in this run, as far as it tells a sick machine from broken code. Grows with
 * the machines and with unlike messages of failures, never with the boards that are well.
 */
export class MachineRecords {
  private readonly machines = new Map<string, MachineRecord>()
  private readonly lines = new Map<string, Line>()
  /** `began`: when it began on it, milliseconds. */
  good(machine: string, arch: string, began: number): void {
    const record = this.recordOf(machine)
    record.goods.set(arch, (record.goods.get(arch) ?? 0) + 1)
    record.streak.clear()
    record.lastGood = Math.max(record.lastGood, began)
  }

  bad(failure: Failure, board: string): void {
    const { machine, words } = failure
    const record = this.recordOf(machine)
    if (!this.isProved(failure)) {
      record.bads.add(board)
      record.streak.add(board)
    }
    for (const word of words) {
      const line = this.lineOf(word)
      line.saidBy.add(machine)
      line.boards.add(board)
    }
  }

  /** These lines are the code's. A machine that says them is believed, unless one was wrong with them. */
  prove(words: readonly string[], boards: Iterable<string>): void {
    for (const word of words) this.lineOf(word).proved = true
    for (const { streak, bads } of this.machines.values()) {
      for (const board of boards) {
        streak.delete(board)
        bads.delete(board)
      }
    }
  }

  /** Another machine built what this one failed. Says whether it had not failed this board so before. */
  fault({ machine, words }: Failure, board: string): boolean {
    for (const word of words) this.lineOf(word).wrongOn.add(machine)
    const { faults } = this.recordOf(machine)
    const isNew = !faults.has(board)
    faults.add(board)
    return isNew
  }

  giveUpOn(words: readonly string[], now: number): void {
    for (const word of words) this.lineOf(word).hopelessAt = now
  }

  /** It failed more than one board that is well elsewhere. */
  isDistrusted(machine: string): boolean {
    return this.faultsOf(machine) > 1
  }

  forgive(machine: string): void {
    this.machines.get(machine)?.faults.clear()
  }

  faultsOf(machine: string): number {
    return this.machines.get(machine)?.faults.size ?? 0
  }

  isProved({ words }: Failure): boolean {
    return this.known(words).some(({ proved, wrongOn }) => proved && wrongOn.size === 0)
  }

  /** A machine said them of a board that builds elsewhere, so each board must be proved for itself. */
  wereWrong(words: readonly string[]): boolean {
    const lines = this.known(words)
    return lines.length > 0 && lines.every(({ wrongOn }) => wrongOn.size > 0)
  }

  /** It said so of a board which is well elsewhere. */
  isWrong({ machine, words }: Failure): boolean {
    return this.known(words).some(({ wrongOn }) => wrongOn.has(machine))
  }

  hasSaid(machine: string, words: readonly string[]): boolean {
    return this.known(words).some(({ saidBy }) => saidBy.has(machine))
  }

  sayersOf(words: readonly string[]): readonly string[] {
    return [...new Set(this.known(words).flatMap(({ saidBy }) => [...saidBy]))]
  }

  boardsWith(words: readonly string[]): number {
    return Math.max(0, ...this.known(words).map(({ boards }) => boards.size))
  }

  /** One of those that said so has begun on and built something well since then, milliseconds. */
  hasLifeSign(words: readonly string[], since: number): boolean {
    return this.sayersOf(words).some((machine) => this.recordOf(machine).lastGood > since)
  }

  /** Many boards failed with these words, and no machine that said them has built anything since. */
  isHopeless(words: readonly string[]): boolean {
    return this.known(words).some(
      ({ hopelessAt, saidBy }) =>
        hopelessAt > 0 &&
        [...saidBy].every((machine) => this.recordOf(machine).lastGood < hopelessAt),
    )
  }

  hasBuilt(machine: string): boolean {
    return (this.machines.get(machine)?.goods.size ?? 0) > 0
  }

  /** It built nothing well, and failed something that is not known to be the code's fault. */
  onlyFails(machine: string): boolean {
    const record = this.machines.get(machine)
    return record !== undefined && record.goods.size === 0 && record.bads.size > 0
  }

  /**
   * With so many failures that nobody has judged yet, a machine gets nothing more: each board it is
   * given may have to be built twice. One that has built nothing well is suspected at once, one that
   * fails board after board soon; any other may fail as many as it builds at once.
   */
  openFailuresAllowed(machine: string, slots: number): number {
    const { goods, streak } = this.recordOf(machine)
    if (goods.size === 0) return 1
    return streak.size > 1 ? 2 : Math.max(2, slots)
  }

  /** It builds such boards well, up to now, and no machine said so wrongly. */
  isSound(failure: Failure, arch: string): boolean {
    const { goods, streak } = this.recordOf(failure.machine)
    return goods.has(arch) && streak.size < shortStreak && !this.wereWrong(failure.words)
  }

  /** Why it is not sound, after "only h1 could build it, and". */
  doubtAbout(failure: Failure, arch: string): string {
    const { goods, bads, streak } = this.recordOf(failure.machine)
    const { machine } = failure
    if (this.isWrong(failure)) return `${machine} failed others so that are well elsewhere`
    if (this.wereWrong(failure.words)) return 'others failed so for a fault of their machine'
    if (goods.size === 0)
      return bads.size > 1 ? `${machine} failed everything` : 'it built nothing else'
    if (!goods.has(arch)) return `${machine} has built nothing for ${arch} well`
    return `${machine} failed the last ${streak.size} boards`
  }

  private known(words: readonly string[]): readonly Line[] {
    return words.flatMap((word) => this.lines.get(word) ?? [])
  }

  private recordOf(machine: string): MachineRecord {
    const known = this.machines.get(machine)
    if (known) return known
    const record: MachineRecord = {
      goods: new Map(),
      bads: new Set(),
      streak: new Set(),
      lastGood: 0,
      faults: new Set(),
    }
    this.machines.set(machine, record)
    return record
  }

  private lineOf(word: string): Line {
    const known = this.lines.get(word)
    if (known) return known
    const line: Line = {
      saidBy: new Set(),
      boards: new Set(),
      wrongOn: new Set(),
      proved: false,
      hopelessAt: 0,
    }
    this.lines.set(word, line)
    return line
  }
}

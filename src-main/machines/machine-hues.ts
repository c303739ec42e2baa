import { randomUUID } from 'node:crypto'
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { LOCAL } from '../../src-core/model.ts'

/** A machine that nobody has shown for so long gives its slot to the next new one. */
const forgottenAfterMs = 90 * 24 * 60 * 60 * 1000
/** More than any network has: whatever the folder holds, reading it ends. */
const mostSlots = 1000
/** Programs that give slots to new machines at the same moment. */
const mostTries = 50
const longestName = 1024

type OwnedSlot = {
  readonly slot: number
  readonly name: string | null
  /** When it was last shown, milliseconds since 1970. */
  readonly shownAt: number
}

/**
 * Which palette slot each machine has: the one place that decides it, for windows and terminals, for
 * the plan, the list of machines, the run and the history. A slot belongs to a name for good, whatever
 * is added, removed or reordered; only after 90 days unseen may a new machine take it.
 *
 * Each slot is one small file that holds its owner's name. Whoever links it first has it, so that
 * several programs can hand out slots at once without a lock.
 */
export class MachineHues {
  readonly #dir: string
  readonly #slots = new Map<string, number>([[LOCAL, 1]])

  /** @param dir the folder of the slots; made when the first one is given */
  constructor(dir: string) {
    this.#dir = dir
  }

  /** The machine's palette slot, from 1; `local` has 1. */
  slotOf(machine: string): number {
    const known = this.#slots.get(machine)
    if (known !== undefined) return known
    const owned = this.#read().find(({ name }) => name === machine)
    if (owned) this.#markShown(owned.slot)
    const slot = owned?.slot ?? this.#claim(machine)
    this.#slots.set(machine, slot)
    return slot
  }

  #claim(machine: string): number {
    const scratch = join(this.#dir, `.${randomUUID()}`)
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
      writeFileSync(scratch, machine, { mode: 0o600 })
      for (let tries = 0; tries < mostTries; tries += 1) {
        // Everybody takes the lowest slot: who takes the one that was free then has met no other claim.
        const found = this.#read()
        const theirs = found.find(({ name }) => name === machine)
        if (theirs) return theirs.slot
        const slot = this.#lowestFree(found.filter(isRemembered))
        const isForgotten = found.some((one) => one.slot === slot)
        if (take(scratch, this.#fileOf(slot), isForgotten)) return slot
      }
    } catch {
      // Without the folder a colour lasts as long as this program.
    } finally {
      removeIfThere(scratch)
    }
    return this.#lowestFree(this.#read())
  }

  #lowestFree(owned: readonly OwnedSlot[]): number {
    const taken = new Set([...this.#slots.values(), ...owned.map(({ slot }) => slot)])
    let slot = 2
    while (taken.has(slot)) slot += 1
    return slot
  }

  /** In ascending order: of two slots with one name the lower one counts. */
  #read(): readonly OwnedSlot[] {
    return slotsIn(this.#dir).map((slot) => ({ slot, ...ownerIn(this.#fileOf(slot)) }))
  }

  #fileOf(slot: number): string {
    return join(this.#dir, String(slot))
  }

  #markShown(slot: number): void {
    const now = new Date()
    try {
      utimesSync(this.#fileOf(slot), now, now)
    } catch {
      // It only counts as shown some time earlier.
    }
  }
}

/** In ascending order; at most as many as there can be. */
function slotsIn(dir: string): readonly number[] {
  try {
    return readdirSync(dir)
      .filter((name) => /^[1-9]\d{0,3}$/.test(name))
      .map(Number)
      .filter((slot) => slot > 1 && slot <= mostSlots)
      .sort((a, b) => a - b)
  } catch {
    return []
  }
}

/** Whom a slot's file names; nobody, for ever, where it is no such file. */
function ownerIn(file: string): Omit<OwnedSlot, 'slot'> {
  try {
    const stats = statSync(file)
    if (stats.isFile()) return { name: readStart(file), shownAt: stats.mtimeMs }
  } catch {
    // It can't be read, so that nobody knows whether it is still somebody's.
  }
  return { name: null, shownAt: Number.POSITIVE_INFINITY }
}

function readStart(file: string): string {
  const bytes = Buffer.alloc(longestName)
  const opened = openSync(file, 'r')
  try {
    return bytes.toString('utf8', 0, readSync(opened, bytes, 0, longestName, 0))
  } finally {
    closeSync(opened)
  }
}

function isRemembered({ shownAt }: OwnedSlot): boolean {
  return shownAt > Date.now() - forgottenAfterMs
}

/** Makes the scratch file the slot's; false where that has an owner already. */
function take(scratch: string, file: string, isForgotten: boolean): boolean {
  if (isForgotten) {
    renameSync(scratch, file)
    return true
  }
  try {
    linkSync(scratch, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Its folder is none.
  }
}

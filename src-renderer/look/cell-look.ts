import type { MachineHue } from '../../src-core/machine-colours.ts'
import { assertNever } from '../../src-core/model.ts'
import type { BuildMark } from '../../src-core/run/build-mark.ts'

/**
 * What one cell looks like, decided apart from drawing it. Two channels: the hue says machine,
 * and only machine; status is shape, plate and texture, so that nothing is said by colour alone.
 */
export type CellLook = {
  /** `pale`: not built, since it is as at another commit. */
  readonly body: 'solid' | 'pale' | 'ring' | 'stripes' | 'dotted border' | 'dot'
  readonly hue: MachineHue
  /**
   * `open cross`: failed, and nobody knows whether the code is to blame. `diamond`: being checked. `bar`: does
   * not boot. `arrow`: a person put it first.
   */
  readonly plate: 'none' | 'cross' | 'open cross' | 'question' | 'diamond' | 'bar' | 'arrow'
  /** The black corner of warnings. */
  readonly corner: boolean
  /** Colour of the machine that lost this build before; empty if none did. */
  readonly notch: string
  /** How far a building cell has filled up, in eighths. */
  readonly eighths: number
}

export type CellFacts = {
  readonly mark: BuildMark
  /** Of the machine that builds, built or lost it. */
  readonly hue: MachineHue
  /** Colour of the machine that lost it before; empty if none did. */
  readonly lostBy: string
  /** Of a failure: it is not known whether the code is to blame. */
  readonly unproved?: boolean
  /** It has the outcome of another commit. */
  readonly isAsBefore?: boolean
  /** Of one that waits: it is built before all others. */
  readonly isNext?: boolean
  /** 0 to 1; counts only while building. */
  readonly progress: number
}

export function cellLook(facts: CellFacts): CellLook {
  const { mark, hue, lostBy, unproved, isAsBefore, isNext, progress } = facts
  const built = isAsBefore ? 'pale' : 'solid'
  const plain = { hue, plate: 'none', corner: false, notch: lostBy, eighths: 0 } as const
  switch (mark) {
    case 'ok':
      return { ...plain, body: built }
    case 'warnings':
      return { ...plain, body: built, corner: true }
    case 'no boot':
      return { ...plain, body: built, plate: 'bar' }
    case 'failed':
      return { ...plain, body: 'solid', plate: unproved ? 'open cross' : 'cross' }
    case 'building':
      return { ...plain, body: 'ring', eighths: Math.min(7, Math.round(Math.max(0, progress) * 8)) }
    case 'queued':
      return { ...plain, body: 'dotted border', plate: isNext ? 'arrow' : 'none', notch: '' }
    case 'not built':
      return { ...plain, body: 'dot', notch: '' }
    case 'being checked':
      return { ...plain, body: 'ring', plate: 'diamond' }
    case 'lost':
      return { ...plain, body: 'stripes', plate: 'question', notch: '' }
    default:
      return assertNever(mark)
  }
}

/** Equal keys mean equal pictures, at one size in one theme. */
export function lookKey(look: CellLook): string {
  const { body, hue, plate, corner, notch, eighths } = look
  return `${body}|${hue.colour}|${hue.dotted}|${plate}|${corner}|${notch}|${eighths}`
}

/**
 * Share of a building cell that is filled after some seconds: of the time that it took last time. Where
 * that is not known (0) it nears full without reaching it, about 2/3 at the usual time of this run.
 */
export function buildProgress(seconds: number, lastSeconds: number, usualSeconds: number): number {
  const gone = Math.max(0, seconds)
  if (lastSeconds > 0) return Math.min(1, gone / lastSeconds)
  return 1 - Math.exp(-gone / Math.max(1, usualSeconds))
}

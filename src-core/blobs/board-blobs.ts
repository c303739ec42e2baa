/** What a board gets of firmware of others, as plan, worker, record and window have it. */
import type { NeededBlob } from './needed-blobs.ts'

/** A file of firmware that a build is given, as its record keeps it. */
export type TakenBlob = {
  /** As the device tree calls it, or as its file is called where no device tree says. */
  readonly name: string
  /** Variable of make that names it; empty where binman looks for it in folders. */
  readonly variable: string
  /** On the boss's computer. */
  readonly path: string
  /** In hex. */
  readonly sha256: string
}

/** A file that images of boards need, and where it was found. */
export type PlannedBlob = NeededBlob & {
  /** Where it comes from, for a person; empty where it is missing. */
  readonly from: string
  readonly boards: readonly string[]
}

/** Its name, with the variable that names it: `bl31.bin (BL31)`. */
export function titleOfBlob({ name, variable }: Pick<PlannedBlob, 'name' | 'variable'>): string {
  return variable === '' ? name : `${name} (${variable})`
}

/** What a person can do about one that is missing. */
export function howToProvide({ name, variable }: Pick<PlannedBlob, 'name' | 'variable'>): string {
  const set = variable === '' ? '' : `set ${variable}, or `
  return `To provide it, ${set}write ${name} = FILE in [blobs] of ~/.buildman, or put it beside the Makefile`
}

/** Where one lies, for a person. */
export function placeOfBlob({ from, optional }: Pick<PlannedBlob, 'from' | 'optional'>): string {
  if (from !== '') return from
  return optional ? 'not there, and not needed by every image' : 'missing'
}

/** What each board needs; boards that need nothing are left out. */
export function needsByBoard(
  planned: readonly PlannedBlob[],
): ReadonlyMap<string, readonly PlannedBlob[]> {
  const needs = new Map<string, PlannedBlob[]>()
  for (const blob of planned) {
    for (const board of blob.boards) {
      const own = needs.get(board)
      if (own) own.push(blob)
      else needs.set(board, [blob])
    }
  }
  return needs
}

/** `needs bl31.bin (BL31): missing; tee.bin (TEE): /fw/tee.bin of [blobs]`. */
export function needsText(blobs: readonly PlannedBlob[]): string {
  return `needs ${blobs.map((blob) => `${titleOfBlob(blob)}: ${placeOfBlob(blob)}`).join('; ')}`
}

/** Boards whose images can't boot, since a file that they need was not found. */
export function missingBlobs(blobs: readonly PlannedBlob[]): PlannedBlob[] {
  return blobs.filter(({ from, optional }) => from === '' && !optional)
}

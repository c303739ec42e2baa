/** The parts of a patch that have most to do with a problem. Pure. */

export type PatchHunk = {
  /** As the patch names it after the change, or before it where it is gone. */
  readonly file: string
  /** From `@@` on. */
  readonly lines: readonly string[]
}

/** A hunk is shown so far, lines. */
const mostLines = 40
/** So many hunks are shown. */
const mostHunks = 3

/**
 * The hunks of a patch that stand nearest to `file` (empty: anywhere), a few of them, cut where they are
 * long: those of the file itself, else of one with its name, else of its folder, else the first ones.
 */
export function nearestHunks(patch: string, file: string): readonly PatchHunk[] {
  const hunks = readHunks(patch)
  const nearness = (hunk: PatchHunk) => sharedEnd(hunk.file, file)
  const sorted = hunks.toSorted((a, b) => nearness(b) - nearness(a))
  const best = sorted[0] ? nearness(sorted[0]) : 0
  return sorted
    .filter((hunk) => nearness(hunk) === best)
    .slice(0, mostHunks)
    .map(({ file: name, lines }) => ({ file: name, lines: cut(lines) }))
}

function readHunks(patch: string): PatchHunk[] {
  const hunks: { file: string; lines: string[] }[] = []
  let file = ''
  let open: string[] | null = null
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) open = null
    else if (!open && (line.startsWith('--- ') || line.startsWith('+++ '))) {
      const name = line.slice(4).replace(/^[ab]\//, '')
      if (name !== '/dev/null') file = name
    } else if (line.startsWith('@@')) {
      open = [line]
      hunks.push({ file, lines: open })
    } else if (line !== '') open?.push(line)
  }
  return hunks
}

/** 3: the same file, 2: the same name, 1: the same folder. */
function sharedEnd(one: string, other: string): number {
  if (other === '') return 0
  const wanted = other.replace(/^(?:\.{1,2}\/)+/, '')
  if (one === wanted || wanted.endsWith(`/${one}`)) return 3
  if (nameOf(one) === nameOf(wanted)) return 2
  return folderOf(one) === folderOf(wanted) ? 1 : 0
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function cut(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines
  return [...lines.slice(0, mostLines), `(${lines.length - mostLines} more lines)`]
}

/** Two builds of one board at one commit: are they the same, and where do they part? Pure. */
import {
  type BuiltFile,
  contentOf,
  type FileKind,
  fileKinds,
  isOfProgram,
  kindOf,
} from './built-files.ts'

/** A file that two builds do not have alike. */
export type FileDifference = {
  readonly path: string
  readonly kind: FileKind
  /**
   * `content`: what it does differs, as far as can be told. `beside`: only what tells of it, as debug
   * information. `missing`: one of the builds lacks it.
   */
  readonly how: 'content' | 'beside' | 'missing'
  /** Names of the sections that make it so; of very many the first. Empty where it has none. */
  readonly sections: readonly string[]
}

export type BuildComparison = {
  /**
   * `same`: every file, but for what only tells of programs. `same images`: all that a board gets, not every
   * object. `different`: an image.
   */
  readonly verdict: 'same' | 'same images' | 'different'
  readonly images: number
  readonly files: number
  /** By kind of file: how many have another content. */
  readonly counts: Readonly<Record<FileKind, number>>
  /** How many differ only in what tells of them. */
  readonly beside: number
  /** The first ones, what others are made from before those. */
  readonly first: readonly FileDifference[]
}

const mostShown = 40
const mostSections = 12

export function compareBuilds(
  one: readonly BuiltFile[],
  other: readonly BuiltFile[],
): BuildComparison {
  const [ours, theirs] = [one, other].map(
    (files) => new Map(files.map((file) => [file.path, file])),
  )
  const paths = new Set([...one, ...other].map(({ path }) => path))
  const differences = [...paths].flatMap((path) => {
    const found = differenceOf(path, ours?.get(path), theirs?.get(path))
    return found ? [found] : []
  })
  const isOther = ({ how }: FileDifference) => how !== 'beside'
  const counts = Object.fromEntries(
    fileKinds.map((kind) => [
      kind,
      differences.filter((file) => file.kind === kind && isOther(file)).length,
    ]),
  ) as Record<FileKind, number>
  const changed = differences.filter(isOther).length
  const same = changed === 0 ? 'same' : 'same images'
  return {
    verdict: counts.image > 0 ? 'different' : same,
    images: [...paths].filter((path) => kindOf(path) === 'image').length,
    files: paths.size,
    counts,
    beside: differences.length - changed,
    first: differences.sort(byOrigin).slice(0, mostShown),
  }
}

function differenceOf(
  path: string,
  one: BuiltFile | undefined,
  other: BuiltFile | undefined,
): FileDifference | null {
  const kind = kindOf(path)
  if (!one || !other) return { path, kind, how: 'missing', sections: [] }
  if (one.sha256 === other.sha256) return null
  const how = contentOf(one) === contentOf(other) ? 'beside' : 'content'
  const sections = differingSections(one, other).filter(
    (section) => how === 'beside' || isOfProgram(section),
  )
  const names = new Set(sections.map(({ name }) => name))
  return { path, kind, how, sections: [...names].slice(0, mostSections) }
}

/** None where the files were not taken apart. */
function differingSections(one: BuiltFile, other: BuiltFile): BuiltFile['sections'] {
  const keyOf = ({ name, digest }: BuiltFile['sections'][number]) => `${digest} ${name}`
  const [ours, theirs] = [one, other].map(({ sections }) => new Set(sections.map(keyOf)))
  return [
    ...one.sections.filter((section) => !theirs?.has(keyOf(section))),
    ...other.sections.filter((section) => !ours?.has(keyOf(section))),
  ]
}

function byOrigin(one: FileDifference, other: FileDifference): number {
  const rank = ({ kind, how }: FileDifference) =>
    fileKinds.indexOf(kind) + (how === 'beside' ? fileKinds.length : 0)
  return rank(one) - rank(other) || (one.path < other.path ? -1 : 1)
}

/** From what differs between two builds and between their machines to what is likely to blame. Pure. */
import type { BuildTool, BuildTools } from './build-tools.ts'
import type { BuildComparison } from './compare-builds.ts'

/** Something that is not alike on two machines, and may be why their builds differ. */
export type Cause = {
  /** Name of a tool, `variable NAME`, or `folder`. */
  readonly trait: string
  /** As it is on the one machine, and on the other. */
  readonly here: string
  readonly there: string
  /** What would have to be made alike to prove it. */
  readonly remedy: 'compiler' | 'folder' | 'variable' | 'dtc' | null
}

export type CauseQuestion = {
  readonly comparison: BuildComparison
  readonly here: BuildTools
  readonly there: BuildTools
  /** The machines' own dtc is used, and not the tree's. */
  readonly usesOwnDtc: boolean
}

/** They differ from person to person and from machine to machine, and say nothing to a compiler. */
const idleVariable =
  /^(?:PATH|HOME|PWD|SHELL|TMPDIR|TMP|TEMP|LANG|LANGUAGE|LC_\w+|CROSS_COMPILE|DTC|MAKEFLAGS|NPROC|CCACHE_\w+|PYTHON(?:DONTWRITEBYTECODE|WARNINGS|STARTUP|IOENCODING)|VIRTUAL_ENV)$/
/** Made to change what is built. */
const telling = /FLAGS$|^KBUILD_|^SOURCE_DATE_EPOCH$|VERSION$|^(?:HOST)?(?:CC|LD|AS)$|^CPATH$/

const mostCauses = 12

/** The likeliest first; empty where nothing is known to differ. */
export function likelyCauses(question: CauseQuestion): readonly Cause[] {
  const { here, there } = question
  const causes = [
    ...toolCauses(here.tools, there.tools),
    ...variableCauses(here.environment, there.environment),
    ...(here.folder === there.folder
      ? []
      : [{ trait: 'folder', here: here.folder, there: there.folder, remedy: 'folder' as const }]),
  ]
  const rank = suspicionOf(question)
  return causes
    .map((cause) => ({ cause, rank: rank(cause.trait) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ cause }) => cause)
    .slice(0, mostCauses)
}

function toolCauses(here: readonly BuildTool[], there: readonly BuildTool[]): Cause[] {
  const names = new Set([...here, ...there].map(({ name }) => name))
  return [...names].flatMap((name) => {
    const [one, other] = [here, there].map((tools) => tools.find((tool) => tool.name === name))
    if (one && other && isSame(one, other)) return []
    const remedy = remedyOf(name)
    return [{ trait: name, here: toolText(one, other), there: toolText(other, one), remedy }]
  })
}

function remedyOf(name: string): Cause['remedy'] {
  if (compilerParts.includes(name)) return 'compiler'
  return name === 'dtc' ? 'dtc' : null
}

const compilerParts = ['compiler', 'compiler proper', 'assembler', 'linker', 'objcopy']

/** What has no program has only what it says. */
function isSame(one: BuildTool, other: BuildTool): boolean {
  const isKnown = one.sha256 !== '' && other.sha256 !== ''
  return isKnown ? one.sha256 === other.sha256 : one.version === other.version
}

/** With the digest only where nothing else tells the two apart. */
function toolText(tool: BuildTool | undefined, other: BuildTool | undefined): string {
  if (!tool) return 'none'
  const digest = tool.version === other?.version ? `, SHA-256 ${tool.sha256.slice(0, 12)}` : ''
  return tool.path === '' ? tool.version : `${tool.version} (${tool.path}${digest})`
}

function variableCauses(
  here: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): Cause[] {
  const names = new Set([...here.keys(), ...there.keys()])
  return [...names].flatMap((name): Cause[] => {
    const [one, other] = [here.get(name), there.get(name)]
    if (one === other || idleVariable.test(name)) return []
    const shown = (value: string | undefined) => (value === undefined ? 'not set' : `"${value}"`)
    return [
      { trait: `variable ${name}`, here: shown(one), there: shown(other), remedy: 'variable' },
    ]
  })
}

/** What first differs, and the tools that make it from what is alike: the likeliest first. */
const suspects: readonly (readonly [
  isIt: (comparison: BuildComparison) => boolean,
  traits: readonly string[],
])[] = [
  [
    ({ counts }) => counts.configuration > 0,
    ['variable', 'compiler', 'compiler proper', 'assembler', 'linker', 'make', 'bison', 'flex'],
  ],
  [onlyBeside, ['folder', 'compiler', 'compiler proper', 'assembler']],
  [
    ({ counts }) => counts.object > 0,
    ['compiler', 'compiler proper', 'assembler', 'variable', 'linker', 'folder'],
  ],
  [
    ({ counts }) => counts.header > 0,
    ['variable', 'compiler', 'linker', 'make', 'system', 'time zone', 'python'],
  ],
  [({ counts }) => counts['device tree'] > 0, ['dtc', 'host compiler', 'bison', 'flex', 'python']],
  [linkedOtherwise, ['linker', 'compiler', 'compiler proper', 'variable', 'folder']],
  [
    ({ counts }) => counts.image > 0,
    ['objcopy', 'host compiler', 'python', 'swig', 'variable', 'time zone'],
  ],
]

/** A number for each trait: the smaller, the likelier. */
function suspicionOf({ comparison, usesOwnDtc }: CauseQuestion): (trait: string) => number {
  const order = suspects.filter(([isIt]) => isIt(comparison)).flatMap(([, traits]) => traits)
  return (trait) => {
    const variable = /^variable (.*)$/.exec(trait)?.[1]
    const isIdle = variable === undefined ? trait === 'dtc' && !usesOwnDtc : !telling.test(variable)
    const at = order.indexOf(variable === undefined ? trait : 'variable')
    return at < 0 || isIdle ? order.length + 1 : at
  }
}

/** Nothing but debug information and the like is other. */
function onlyBeside({ verdict, beside }: BuildComparison): boolean {
  return verdict === 'same' && beside > 0
}

/** An image that a linker made differs, although all objects are alike. */
function linkedOtherwise({ counts, first }: BuildComparison): boolean {
  const isLinked = first.some(({ kind, sections }) => kind === 'image' && sections.length > 0)
  return counts.object === 0 && isLinked
}

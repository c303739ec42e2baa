/** `[provider:NAME]` of `~/.buildman`: machines that are had for a time. Ours; buildman passes it over. */
import { splitWords } from '../../src-core/basics/split-words.ts'
import { LOCAL } from '../../src-core/model.ts'
import {
  type CommandsProvider,
  mostNodes,
  type ProviderConfig,
  type SlurmProvider,
} from '../../src-core/provider.ts'
import type { ConfigItem, ConfigReader } from './config-values.ts'
import { machineNameProblem } from './read-machines.ts'

/** `[provider:NAME]` starts so. */
export const PROVIDER_SECTION = 'provider:'

const sharedKeys = ['kind', 'nodes', 'wait'] as const
const slurmKeys = ['login_node', 'partition', 'account', 'constraint', 'time', 'options'] as const
const commandKeys = ['list', 'acquire', 'release', 'limit'] as const
type ProviderKey =
  | (typeof sharedKeys)[number]
  | (typeof slurmKeys)[number]
  | (typeof commandKeys)[number]

const usual = { nodes: 4, waitMinutes: 60, limitSeconds: 120 }
const most = { minutes: 60 * 24 * 30, limitSeconds: 3600 }

/** What a section says, key by key. */
type Section = {
  readonly text: (key: ProviderKey) => string
  /** From 1; the fallback where nothing or nonsense is said. */
  readonly number: (key: ProviderKey, fallback: number, max: number) => number
  readonly knowOnly: (keys: readonly ProviderKey[]) => void
}

/** In file order; `machines` are the names that are taken, and the login nodes that there can be. */
export function readProviders(
  reader: ConfigReader,
  machines: ReadonlySet<string>,
): readonly ProviderConfig[] {
  const names = reader.sections.map(({ name }) => name)
  const sections = new Set(names.filter((name) => name.startsWith(PROVIDER_SECTION)))
  return [...sections].flatMap((section) => {
    const read = readProvider(section, sectionOf(reader, section), machines)
    if (typeof read !== 'string') return [read]
    const line = reader.sections.find(({ name }) => name === section)?.line ?? 0
    reader.warn({ line, key: '' }, `${read}; this provider is left out`)
    return []
  })
}

/** A sentence where it is of no use. */
function readProvider(
  section: string,
  its: Section,
  machines: ReadonlySet<string>,
): ProviderConfig | string {
  const name = section.slice(PROVIDER_SECTION.length).trim().toLowerCase()
  const nameProblem = machineNameProblem(name)
  if (nameProblem !== null) return nameProblem
  if (machines.has(name)) return `'${name}' is the name of a machine`
  const basics = {
    name,
    nodes: its.number('nodes', usual.nodes, mostNodes),
    waitMinutes: its.number('wait', usual.waitMinutes, most.minutes),
  }
  const kind = its.text('kind')
  if (kind === 'slurm') return readSlurm(basics, its, machines)
  if (kind === 'commands') return readCommands(basics, its)
  return `kind = ${kind || '(nothing)'} is neither 'slurm' nor 'commands'`
}

type Basics = Pick<ProviderConfig, 'name' | 'nodes' | 'waitMinutes'>

function readSlurm(
  basics: Basics,
  { text, number, knowOnly }: Section,
  machines: ReadonlySet<string>,
): SlurmProvider | string {
  knowOnly([...sharedKeys, ...slurmKeys])
  const loginNode = text('login_node').toLowerCase()
  const isHere = loginNode === '' || loginNode === LOCAL
  if (!isHere && !machines.has(loginNode)) return `login_node: [machines] has no '${loginNode}'`
  return {
    ...basics,
    kind: 'slurm',
    loginNode: isHere ? '' : loginNode,
    partition: text('partition'),
    account: text('account'),
    constraint: text('constraint'),
    options: text('options'),
    minutes: number('time', 0, most.minutes),
  }
}

function readCommands(
  basics: Basics,
  { text, number, knowOnly }: Section,
): CommandsProvider | string {
  knowOnly([...sharedKeys, ...commandKeys])
  const needed = ['list', 'acquire', 'release'] as const
  const lacking = needed.filter((key) => splitWords(text(key)).length === 0)
  if (lacking.length > 0) return `it has no command for ${lacking.join(', ')}`
  return {
    ...basics,
    kind: 'commands',
    list: text('list'),
    acquire: text('acquire'),
    release: text('release'),
    limitSeconds: number('limit', usual.limitSeconds, most.limitSeconds),
  }
}

function sectionOf(reader: ConfigReader, section: string): Section {
  const values = new Map(reader.items(section).map((item) => [item.key, item] as const))
  return {
    text: (key) => values.get(key)?.value ?? '',
    number: (key, fallback, max) => readNumber(reader, values.get(key), { fallback, max }),
    knowOnly: (keys) => warnUnknown(reader, section, values, keys),
  }
}

function warnUnknown(
  reader: ConfigReader,
  section: string,
  values: ReadonlyMap<string, ConfigItem>,
  known: readonly string[],
): void {
  for (const item of values.values()) {
    if (!known.includes(item.key)) {
      reader.warn(item, `is not known in [${section}] and is ignored`)
    }
  }
}

function readNumber(
  reader: ConfigReader,
  item: ConfigItem | undefined,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  if (item === undefined) return fallback
  const value = Number(item.value)
  if (/^\d{1,9}$/.test(item.value) && value >= 1 && value <= max) return value
  reader.warn(item, `'${item.value}' is not a whole number from 1 to ${max}; ${fallback} is used`)
  return fallback
}

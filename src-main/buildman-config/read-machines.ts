import { commandProblem } from '../../src-core/machine-command.ts'
import { defaultThresholds, LOCAL, type MachineConfig } from '../../src-core/model.ts'
import type { ConfigItem, ConfigReader } from './config-values.ts'

/** `[machine:NAME]` starts so. */
export const MACHINE_SECTION = 'machine:'

/** Keys of `[machine:NAME]`: buildman's first, then those that are only ours. */
export const MACHINE_KEYS = [
  'max_boards',
  'transport',
  'command',
  'buildman_path',
  'if_busy',
  'max_load_per_core',
  'min_disk_mb',
  'min_memory_mb',
] as const
export type MachineKey = (typeof MACHINE_KEYS)[number]

/** The machines of `[machines]` in file order with what `[machine:NAME]` says of each. */
export function readMachines(reader: ConfigReader): {
  readonly machines: readonly MachineConfig[]
  readonly local: MachineConfig
} {
  const machines: MachineConfig[] = []
  for (const item of reader.items('machines')) {
    // Names are lower case, but ssh_config tells `Host BuildBox` and `Host buildbox` apart.
    const host = item.value === '' ? item.rawKey : item.value
    const problem = machineNameProblem(item.key) ?? hostProblem(host, item)
    if (problem !== null) reader.warn(item, `${problem}; this machine is left out`)
    else machines.push(readMachine(reader, item.key, host))
  }
  const local = readMachine(reader, LOCAL, '')
  warnUnusedSections(reader, new Set(reader.items('machines').map(({ key }) => key)))
  return { machines, local }
}

/** What is wrong with a name for a machine; null if nothing is. */
export function machineNameProblem(name: string): string | null {
  if (name === LOCAL) return `'${LOCAL}' is the name of this computer`
  // What a section header and a key can hold without being read as something else.
  return /^[^\s[\]=:#;%/\\"'-][^\s[\]=:%/\\"']*$/.test(name)
    ? null
    : `'${name}' can't be a machine's name; use letters, digits, '.', '-' and '_'`
}

/** What is wrong with what `ssh` would be given; null if nothing is. */
export function hostProblem(host: string, from?: ConfigItem): string | null {
  if (/^\d+$/.test(host) && from !== undefined) {
    return `the first ':' or '=' ends a machine's name, so the host would be '${host}'; give the port in ~/.ssh/config`
  }
  // A leading '-' would be taken for an option by ssh.
  return /^(?:[^\s@-][^\s@]*@)?[^\s@-][^\s@]*$/.test(host)
    ? null
    : `'${host.slice(0, 80)}' is not a host; write HOST or USER@HOST`
}

type NumberRule = { readonly whole: boolean; readonly max: number }

/** Up to a thousand terabytes. */
const megabytes: NumberRule = { whole: true, max: 1_000_000_000 }

function readMachine(reader: ConfigReader, name: string, host: string): MachineConfig {
  const values = new Map(
    reader.items(`${MACHINE_SECTION}${name}`).map((item) => [item.key, item] as const),
  )
  for (const item of values.values()) {
    if (!MACHINE_KEYS.some((key) => key === item.key)) {
      reader.warn(item, `is not known in [${MACHINE_SECTION}${name}] and is ignored`)
    }
  }
  const number = (key: MachineKey, fallback: number, { whole, max }: NumberRule): number => {
    const item = values.get(key)
    if (item === undefined) return fallback
    const pattern = whole ? /^\d{1,9}$/ : /^\d{1,9}(?:\.\d{1,9})?$/
    if (pattern.test(item.value)) {
      if (Number(item.value) <= max) return Number(item.value)
      reader.warn(item, `${item.value} is too much; ${max} is used`)
      return max
    }
    const kind = whole ? 'whole number' : 'number'
    reader.warn(item, `'${item.value}' is not a ${kind} from 0; ${fallback} is used`)
    return fallback
  }
  const oneOf = <T extends string>(key: MachineKey, words: readonly [T, T]): T => {
    const item = values.get(key)
    const word = words.find((one) => one === (item?.value ?? words[0]))
    if (item !== undefined && word === undefined) {
      const known = words.map((one) => `'${one}'`).join(' nor ')
      reader.warn(item, `'${item.value}' is neither ${known}; '${words[0]}' is used`)
    }
    return word ?? words[0]
  }
  return {
    name,
    host,
    maxBoards: number('max_boards', 0, { whole: true, max: 4096 }),
    transport: oneOf('transport', ['ssh2', 'openssh']),
    command: readCommand(reader, name, values.get('command')),
    buildmanPath: values.get('buildman_path')?.value ?? '',
    ifBusy: oneOf('if_busy', ['wait', 'another folder']),
    thresholds: {
      maxLoadPerCore: number('max_load_per_core', defaultThresholds.maxLoadPerCore, {
        whole: false,
        max: 1000,
      }),
      minDiskMb: number('min_disk_mb', defaultThresholds.minDiskMb, megabytes),
      minMemoryMb: number('min_memory_mb', defaultThresholds.minMemoryMb, megabytes),
    },
  }
}

/** What reaches the machine instead of SSH; empty where SSH does. */
function readCommand(reader: ConfigReader, name: string, item: ConfigItem | undefined): string {
  if (item === undefined) return ''
  const why = name === LOCAL ? 'this computer needs none' : commandProblem(item.value)
  if (why === '') return item.value
  reader.warn(item, `is ignored: ${why}`)
  return ''
}

function warnUnusedSections(reader: ConfigReader, names: ReadonlySet<string>): void {
  for (const { name: section, line } of reader.sections) {
    const name = section.slice(MACHINE_SECTION.length)
    if (!section.startsWith(MACHINE_SECTION) || name === LOCAL || names.has(name)) continue
    const hint = names.has(name.toLowerCase())
      ? `write [${MACHINE_SECTION}${name.toLowerCase()}]; names of machines are lower case`
      : `there is no '${name}' in [machines]`
    reader.warn({ line, key: '' }, `section [${section}] is ignored: ${hint}`)
  }
}

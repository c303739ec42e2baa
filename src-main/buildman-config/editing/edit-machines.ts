import { defaultThresholds, LOCAL, type MachineConfig } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { BuildmanConfig } from '../read-config.ts'
import {
  hostProblem,
  MACHINE_SECTION,
  type MachineKey,
  machineNameProblem,
} from '../read-machines.ts'
import { checkedEdit, readForEdit } from './checked-edit.ts'
import {
  addEntries,
  type ConfigPatch,
  entryOf,
  finishPatch,
  inOrder,
  removeSection,
  renameSection,
  renderEntry,
  reorderEntries,
  replaceEntry,
  startPatch,
} from './config-patch.ts'

/** One change to the machines of a settings file. `local` can be changed, and nothing else. */
export type MachineEdit =
  | { readonly kind: 'add'; readonly machine: MachineConfig }
  /** `name` is the one until now; `machine.name` may be another. */
  | { readonly kind: 'change'; readonly name: string; readonly machine: MachineConfig }
  | { readonly kind: 'remove'; readonly name: string }
  /** Those named, in this order, in the places that they have among all. */
  | { readonly kind: 'order'; readonly names: readonly string[] }

const MACHINES = 'machines'

/**
 * A settings file with one change to `[machines]` and `[machine:NAME]`; every other byte stays. The
 * result is read back: if it does not say exactly what was asked for, the edit fails.
 */
export function editMachines(text: string, edit: MachineEdit): Result<string> {
  const before = readForEdit(text)
  if (!before.ok) return before
  const problem = editProblem(edit, before.value)
  if (problem !== null) return fail(problem)
  return checkedEdit(perform(text, edit), applied(before.value, edit), 'the machine')
}

/** Where fetched toolchains lie: `~/.buildman-toolchains/VERSION/ARCH`. */
const DOWNLOADS = '~/.buildman-toolchains/*/*'

/** A settings file in which fetched toolchains are found; unchanged if they are already. */
export function addDownloads(text: string): Result<string> {
  const before = readForEdit(text)
  if (!before.ok) return before
  if (before.value.toolchainPaths.some(({ downloaded }) => downloaded)) return ok(text)
  const patch = startPatch(text)
  addEntries(patch, 'toolchain', (like) => [renderEntry(patch, 'download', DOWNLOADS, like)])
  const edited = finishPatch(patch)
  const after = readForEdit(edited)
  return after.ok ? ok(edited) : after
}

/** What the settings must be after the edit. */
function applied(config: BuildmanConfig, edit: MachineEdit): BuildmanConfig {
  const { machines } = config
  switch (edit.kind) {
    case 'add':
      return { ...config, machines: [...machines, edit.machine] }
    case 'change': {
      if (edit.name === LOCAL) return { ...config, local: edit.machine }
      const changed = machines.map((one) => (one.name === edit.name ? edit.machine : one))
      return { ...config, machines: changed }
    }
    case 'remove':
      return { ...config, machines: machines.filter(({ name }) => name !== edit.name) }
    case 'order':
      return { ...config, machines: inOrder(machines, ({ name }) => name, edit.names) }
  }
}

function editProblem(edit: MachineEdit, config: BuildmanConfig): string | null {
  const known = new Set(config.machines.map(({ name }) => name))
  const unknown = (name: string): string => `there is no machine '${name}' in [machines]`
  switch (edit.kind) {
    case 'add':
      if (known.has(edit.machine.name)) return `there is a machine '${edit.machine.name}' already`
      return machineProblem(edit.machine)
    case 'change':
      if (edit.name === LOCAL) return localProblem(edit.machine)
      if (!known.has(edit.name)) return unknown(edit.name)
      if (edit.machine.name !== edit.name && known.has(edit.machine.name)) {
        return `there is a machine '${edit.machine.name}' already`
      }
      return machineProblem(edit.machine)
    case 'remove':
      return known.has(edit.name) ? null : unknown(edit.name)
    case 'order': {
      const missing = edit.names.find((name) => !known.has(name))
      return missing === undefined ? null : unknown(missing)
    }
  }
}

function machineProblem(machine: MachineConfig): string | null {
  if (machine.name !== machine.name.toLowerCase()) {
    return `'${machine.name}': names of machines are lower case`
  }
  return machineNameProblem(machine.name) ?? hostProblem(machine.host) ?? valueProblem(machine)
}

function localProblem(machine: MachineConfig): string | null {
  if (machine.name !== LOCAL || machine.host !== '') return `'${LOCAL}' can't be renamed or moved`
  return valueProblem(machine)
}

function valueProblem({ buildmanPath, command }: MachineConfig): string | null {
  const isPlain = (text: string) => text === text.trim() && !/[\r\n]/.test(text)
  if (!isPlain(buildmanPath)) {
    return `'${buildmanPath}' is not a path that the settings file can hold`
  }
  return isPlain(command) ? null : `'${command}' is not a command that the settings file can hold`
}

function perform(text: string, edit: MachineEdit): string {
  const patch = startPatch(text)
  switch (edit.kind) {
    case 'add':
      addEntries(patch, MACHINES, (like) => [renderMachine(patch, edit.machine, like)])
      return withSettings(finishPatch(patch), edit.machine)
    case 'change':
      if (edit.name !== LOCAL) changeEntry(patch, edit.name, edit.machine)
      return withSettings(finishPatch(patch), edit.machine)
    case 'remove': {
      const entry = entryOf(patch, MACHINES, edit.name)
      if (entry) replaceEntry(patch, entry, [])
      removeSection(patch, `${MACHINE_SECTION}${edit.name}`)
      return finishPatch(patch)
    }
    case 'order':
      reorderEntries(patch, MACHINES, edit.names)
      return finishPatch(patch)
  }
}

function changeEntry(patch: ConfigPatch, name: string, machine: MachineConfig): void {
  const entry = entryOf(patch, MACHINES, name)
  if (entry === undefined) return
  // Mainline's buildman refuses a file with a name alone, so one that is edited gets its host.
  if (machine.name === name && machine.host === entry.value) return
  const line = renderMachine(patch, machine, entry)
  replaceEntry(patch, entry, [line])
  if (machine.name === name) return
  renameSection(patch, `${MACHINE_SECTION}${name}`, `${MACHINE_SECTION}${machine.name}`)
}

function renderMachine(
  patch: ConfigPatch,
  { name, host }: MachineConfig,
  like: Parameters<typeof renderEntry>[3],
): string {
  const key = like?.key === name ? like.rawKey : name
  return renderEntry(patch, key, host, like)
}

/** Writes to `[machine:NAME]` what differs from what the file says now. */
function withSettings(text: string, machine: MachineConfig): string {
  const config = readForEdit(text)
  if (!config.ok) return text
  const all = [...config.value.machines, config.value.local]
  const now = all.find(({ name }) => name === machine.name)
  if (now === undefined) return text
  const section = `${MACHINE_SECTION}${machine.name}`
  const patch = startPatch(text)
  const added: [MachineKey, string][] = []
  const current = settings(now)
  for (const [key, value] of settings(machine)) {
    if (current.get(key) === value) continue
    const entry = entryOf(patch, section, key)
    if (entry) {
      const texts = value === null ? [] : [renderEntry(patch, entry.rawKey, value, entry)]
      replaceEntry(patch, entry, texts)
    } else if (value !== null) added.push([key, value])
  }
  if (added.length > 0) {
    addEntries(patch, section, (like) =>
      added.map(([key, value]) => renderEntry(patch, key, value, like)),
    )
  }
  return finishPatch(patch)
}

/** The keys of `[machine:NAME]`; null for what need not be said. */
function settings(machine: MachineConfig): Map<MachineKey, string | null> {
  const { maxLoadPerCore, minDiskMb, minMemoryMb } = machine.thresholds
  const unless = (value: number | string, usual: number | string): string | null =>
    value === usual ? null : String(value)
  return new Map([
    ['max_boards', unless(machine.maxBoards, 0)],
    ['transport', unless(machine.transport, 'ssh2')],
    ['command', unless(machine.command, '')],
    ['buildman_path', unless(machine.buildmanPath, '')],
    ['if_busy', unless(machine.ifBusy, 'wait')],
    ['max_load_per_core', unless(maxLoadPerCore, defaultThresholds.maxLoadPerCore)],
    ['min_disk_mb', unless(minDiskMb, defaultThresholds.minDiskMb)],
    ['min_memory_mb', unless(minMemoryMb, defaultThresholds.minMemoryMb)],
  ])
}

import { commandProblem } from '../../src-core/machine-command.ts'
import { defaultThresholds, LOCAL, type MachineConfig } from '../../src-core/model.ts'

/** A machine as the editor holds it: what is typed, which may not be a number yet. */
export type MachineForm = {
  readonly name: string
  readonly host: string
  readonly maxBoards: string
  readonly transport: MachineConfig['transport']
  /** It is reached by the command, not by SSH. */
  readonly byCommand: boolean
  readonly command: string
  readonly buildmanPath: string
  readonly ifBusy: MachineConfig['ifBusy']
  readonly maxLoadPerCore: string
  readonly minDiskMb: string
  readonly minMemoryMb: string
}

export function formOf(config: MachineConfig | null): MachineForm {
  const { maxLoadPerCore, minDiskMb, minMemoryMb } = config?.thresholds ?? defaultThresholds
  return {
    name: config?.name ?? '',
    host: config?.host ?? '',
    maxBoards: config && config.maxBoards > 0 ? String(config.maxBoards) : '',
    transport: config?.transport ?? 'ssh2',
    byCommand: (config?.command ?? '') !== '',
    command: config?.command ?? '',
    buildmanPath: config?.buildmanPath ?? '',
    ifBusy: config?.ifBusy ?? 'wait',
    maxLoadPerCore: String(maxLoadPerCore),
    minDiskMb: String(minDiskMb),
    minMemoryMb: String(minMemoryMb),
  }
}

export type CheckedForm =
  | { readonly ok: true; readonly config: MachineConfig }
  | { readonly ok: false; readonly field: keyof MachineForm; readonly text: string }

/**
 * Checks what was typed. Names stand as keys in `~/.buildman`, where `:`, `=` and `[` have a
 * meaning and letters become small. `others` are the names already taken.
 */
export function checkForm(form: MachineForm, others: readonly string[]): CheckedForm {
  const name = form.name.trim().toLowerCase()
  const wrong = (field: keyof MachineForm, text: string): CheckedForm => ({
    ok: false,
    field,
    text,
  })
  if (name === '') return wrong('name', 'A machine needs a name.')
  if (name === LOCAL) return wrong('name', `"${LOCAL}" stands for this computer.`)
  if (/[:=[\]#;\s]/.test(name)) return wrong('name', 'A name has no spaces and none of : = [ ] # ;')
  if (others.includes(name)) return wrong('name', `There is a machine "${name}" already.`)
  if (/[\s]/.test(form.host.trim())) return wrong('host', 'A host has no spaces: user@host')
  if (form.host.trim().startsWith('-')) return wrong('host', 'A host does not begin with "-".')
  const command = form.byCommand ? form.command.trim() : ''
  const badCommand = form.byCommand ? commandProblem(command) : ''
  if (badCommand !== '') return wrong('command', badCommand)
  const maxBoards = wholeNumber(form.maxBoards)
  if (maxBoards === null) return wrong('maxBoards', 'A whole number, or empty for as many as fit.')
  const maxLoadPerCore = positive(form.maxLoadPerCore)
  if (maxLoadPerCore === null) return wrong('maxLoadPerCore', 'A number, e.g. 0.8')
  const minDiskMb = positive(form.minDiskMb)
  if (minDiskMb === null) return wrong('minDiskMb', 'A number of megabytes.')
  const minMemoryMb = positive(form.minMemoryMb)
  if (minMemoryMb === null) return wrong('minMemoryMb', 'A number of megabytes.')
  return {
    ok: true,
    config: {
      name,
      host: form.host.trim() || name,
      maxBoards,
      transport: form.transport,
      command,
      buildmanPath: form.buildmanPath.trim(),
      ifBusy: form.ifBusy,
      thresholds: { maxLoadPerCore, minDiskMb, minMemoryMb },
    },
  }
}

function wholeNumber(text: string): number | null {
  const value = Number(text.trim() || 0)
  return Number.isInteger(value) && value >= 0 && value <= 4096 ? value : null
}

function positive(text: string): number | null {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null
}

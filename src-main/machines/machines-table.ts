import type { MachineStatus } from '../../src-core/model.ts'
import { bestByArch, type FoundCompiler } from './toolchains/compilers.ts'

/**
 * The machines as `--mach` prints them: a table, and below it what can't be built where and why.
 * `missing` are architectures that this computer can build and a machine can't, by its name.
 */
export function machinesTable(
  statuses: readonly MachineStatus[],
  missing: ReadonlyMap<string, readonly string[]>,
): string {
  if (statuses.length === 0) return 'No machines. Add some to [machines] in ~/.buildman.\n'
  const lines = columns([
    [
      'Name',
      'Arch',
      'Threads',
      'Slots',
      'Load',
      'BogoMIPS',
      'Memory',
      'Disk',
      'Toolchains',
      'Status',
    ],
    ...statuses.map(row),
  ])
  return `${[...lines, ...statuses.flatMap((status) => remarks(status, missing))].join('\n')}\n`
}

function row(status: MachineStatus): string[] {
  const { config, facts, state, reason, toolchains, slots } = status
  const verdict = state === 'unavailable' ? `unavailable: ${reason}` : state
  if (facts === null) return [config.name, '-', '-', '-', '-', '-', '-', '-', '-', verdict]
  return [
    config.name,
    facts.arch,
    String(facts.threads),
    String(slots),
    facts.load1m.toFixed(2),
    String(Math.round(facts.bogomips)),
    gigabytes(facts.memAvailableMb),
    gigabytes(facts.diskAvailableMb),
    String(toolchains.length),
    verdict,
  ]
}

function gigabytes(mb: number): string {
  return `${(mb / 1024).toFixed(1)} GB`
}

function remarks(
  { config, leftOut, notes }: MachineStatus,
  missing: ReadonlyMap<string, readonly string[]>,
): string[] {
  const absent = missing.get(config.name) ?? []
  return [
    ...(absent.length > 0 ? [`${config.name}: no toolchain for ${absent.join(', ')}`] : []),
    ...leftOut.map(({ arch, reason }) => `${config.name}: left out for ${arch}: ${reason}`),
    ...notes.map((note) => `${config.name}: ${note}`),
  ]
}

/** Rows with equal columns, two spaces between; the last column is as long as it likes. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const cells of rows) {
    cells.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length)
    })
  }
  return rows.map((cells) =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  '),
  )
}

const noToolchains = `List of available toolchains (0):
None. Install one (on Debian, e.g. gcc-aarch64-linux-gnu), or name the folder of those that there
are in [toolchain] of ~/.buildman. With -v this says where it looked.

`

/** As `--list-tool-chains` prints them; the reference's layout, section 6. */
export function toolchainsList(compilers: readonly FoundCompiler[]): string {
  const best = [...bestByArch(compilers)].sort(([a], [b]) => (a < b ? -1 : 1))
  if (best.length === 0) return noToolchains
  const lines = best.map(([arch, { gcc }]) => `${arch.padEnd(10)}: ${gcc}`)
  return [`List of available toolchains (${best.length}):`, ...lines, '', ''].join('\n')
}

import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import {
  type Board,
  type Commit,
  LOCAL,
  type Outcome,
  type RunRequest,
} from '../../src-core/model.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'

/** A made-up run: the same seed gives the same events, so that two measurements see one run. */
export type SyntheticRun = {
  readonly runId: string
  readonly boards: readonly Board[]
  readonly commits: readonly Commit[]
  readonly machines: readonly { readonly name: string; readonly slots: number }[]
  readonly request: RunRequest
}

const archs = [
  ['arm', 0.42, 'armv7'],
  ['aarch64', 0.3, 'armv8'],
  ['powerpc', 0.09, 'mpc85xx'],
  ['mips', 0.05, 'mips32'],
  ['m68k', 0.04, 'mcf52x2'],
  ['riscv64', 0.03, 'generic'],
  ['x86', 0.03, 'x86'],
  ['sh', 0.01, 'sh4'],
  ['sandbox', 0.01, 'sandbox'],
  ['riscv32', 0.01, 'generic'],
  ['xtensa', 0.005, 'dc233c'],
  ['arc', 0.005, 'arcv2'],
] as const

const makers = ['freescale', 'rockchip', 'sunxi', 'ti', 'xilinx', 'st', 'amlogic', 'toradex']
const words = ['evb', 'nano', 'pro', 'mini', 'dk2', 'som', 'edge', 'spl', 'qspi', 'sdcard', 'lite']

const firstNames = [
  LOCAL,
  'moa',
  'ruru',
  'kea',
  'tui',
  'kaka',
  'weka',
  'pukeko',
  'kiwi',
  'takahe',
  'hihi',
  'kokako',
  'tieke',
  'toutouwai',
  'riroriro',
  'pipit',
  'huia',
  'titi',
  'kereru',
  'korimako',
]

/** Names of so many machines, this computer first; those beyond the birds stand in a rack. */
export function machineNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => firstNames[index] ?? `rack-${index}`)
}

export function syntheticRun(options: {
  readonly boards: number
  readonly commits: number
  readonly machines: number
  readonly runId: string
}): SyntheticRun {
  const next = random(7)
  const boards = Array.from({ length: options.boards }, (_, index) => board(index, next))
  const machines = machineNames(options.machines).map((name, index) => ({
    name,
    slots: index === 0 ? 4 : 8 + 8 * (index % 3),
  }))
  return {
    runId: options.runId,
    boards,
    commits: Array.from({ length: options.commits }, (_, upto) => commit(upto, next)),
    machines,
    request: {
      treeDir: '/home/ada/u-boot',
      outputDir: '/home/ada/u-boot-builds',
      boards: boards.map(({ target }) => target),
      commits: { kind: 'current' },
      distribute: true,
      useMachines: [],
      noLocal: false,
      settings: defaultBuildSettings,
    },
  }
}

function board(index: number, next: () => number): Board {
  let pick = next()
  const [arch, , cpu] = archs.find(([, share]) => {
    pick -= share
    return pick < 0
  }) ?? ['arm', 0, 'armv7']
  const maker = makers[Math.floor(next() * makers.length)] ?? 'ti'
  const name = `${maker.slice(0, 3)}${(index * 7919) % 9973}_${words[Math.floor(next() * words.length)]}`
  return {
    target: `${name}${next() < 0.2 ? '_defaultenv' : ''}`,
    arch,
    cpu,
    soc: `${maker.slice(0, 2)}${Math.floor(next() * 40)}`,
    vendor: maker,
    board: name,
    config: name,
    status: 'Active',
    maintainers: [],
  }
}

function commit(upto: number, next: () => number): Commit {
  const hash = Array.from({ length: 40 }, () => Math.floor(next() * 16).toString(16)).join('')
  const subjects = [
    'spl: Keep the boot device',
    'dm: core: Drop an unused argument',
    'net: phy: Add a driver',
  ]
  return {
    upto,
    hash,
    subject: subjects[upto % subjects.length] ?? '',
    author: 'Ada Smith',
    currentSource: false,
  }
}

/** The events that begin the run. */
export function beginning(run: SyntheticRun, at: number): RunEvent[] {
  const { runId, request, boards, commits, machines } = run
  return [
    {
      at,
      type: 'run-started',
      runId,
      request,
      boards,
      commits,
      outputDir: request.outputDir,
    },
    ...machines.flatMap(({ name, slots }, index): RunEvent[] => [
      { at, type: 'machine-joined', machine: name, hue: index + 1 },
      { at, type: 'machine-changed', machine: name, phase: 'ready', detail: '', slots },
      {
        at,
        type: 'machine-load',
        machine: name,
        load1m: 1.5 + index,
        memAvailableMb: 9000 + 700 * index,
      },
    ]),
  ]
}

/**
 * The builds of the run, as pairs of `build-started` and `build-finished`, board by board as
 * workers build them. `at` is set when the event is sent.
 */
export function* builds(run: SyntheticRun): Generator<{
  readonly started: (at: number) => RunEvent
  readonly finished: (at: number) => RunEvent
}> {
  const next = random(11)
  for (const [index, { target }] of run.boards.entries()) {
    const machine = run.machines[Math.floor(next() * run.machines.length)] ?? run.machines[0]
    if (!machine) return
    const slot = index % machine.slots
    const broken = next() < 0.06 ? Math.floor(next() * run.commits.length) : -1
    const mended = broken >= 0 && next() < 0.5 ? broken + 3 : run.commits.length
    const warns = next() < 0.08 ? Math.floor(next() * run.commits.length) : -1
    const bytes = 200_000 + Math.floor(next() * 600_000)
    for (const { upto } of run.commits) {
      const failed = broken >= 0 && upto >= broken && upto < mended
      const outcome: Outcome = failed ? 'failed' : warns >= 0 && upto >= warns ? 'warnings' : 'ok'
      const seconds = 3 + next() * next() * 120
      const build = { board: target, upto, machine: machine.name, slot }
      yield {
        started: (at) => ({ at, type: 'build-started', ...build, attempt: 1 }),
        finished: (at) => ({
          at,
          type: 'build-finished',
          ...build,
          ...result(outcome, bytes, upto),
          ...(outcome === 'warnings' && index % 4 === 0 && withoutFirmware),
          seconds,
        }),
      }
    }
  }
}

/** Made although firmware is missing. */
const withoutFirmware = {
  lacks: ['bl31.bin (BL31)', 'scp.bin (SCP)'],
  reason:
    'does not boot, since it was made without bl31.bin (BL31), scp.bin (SCP); name it in [blobs] of ~/.buildman or in its variable of make, or put it beside the Makefile',
}

function result(outcome: Outcome, bytes: number, upto: number) {
  const failed = outcome === 'failed'
  return {
    outcome,
    reason: '',
    returnCode: failed ? 2 : 0,
    errors: failed ? 2 : 0,
    warnings: outcome === 'warnings' ? 1 + (upto % 3) : 0,
    firstErrors: failed
      ? [
          "common/spl/spl.c:512:9: error: implicit declaration of function 'spl_boot_mode'",
          'make[2]: *** [scripts/Makefile.build:257: common/spl/spl.o] Error 1',
        ]
      : [],
    sizes: failed
      ? []
      : [{ image: 'u-boot', text: bytes + 16 * upto, data: 9000, bss: 12000, rodata: 40000 }],
    previously: false,
  }
}

/** A small linear congruential generator: 0 to 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

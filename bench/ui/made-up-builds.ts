import { parseDiagnostics } from '../../src-core/diagnostics/diagnostics.ts'
import { packRun } from '../../src-core/run/run-snapshot.ts'
import { cellOf, type RunState, stateOf } from '../../src-core/run/run-state.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import type { LineChange } from '../../src-core/summary/lines.ts'
import type { Summary } from '../../src-core/summary/summary.ts'
import { summariesOf } from '../../src-core/summary/test-summaries.ts'
import type {
  BuildReport,
  HistoryEntry,
  LastTimes,
  LogReport,
  PastBuild,
} from '../../src-preload/contract.ts'

/** Of each log of a run whose id begins with `huge`. */
const hugeBytes = 20_000_000

/** What the made-up boss says about one build, and about earlier runs; undefined for other requests. */
export function answerAboutBuilds(name: string, args: unknown, run: RunState): unknown {
  const ok = (value: unknown) => ({ ok: true, value })
  switch (name) {
    case 'build:detail':
      return ok(report(args as BuildRef, run))
    case 'build:log':
      return ok(log(args as BuildRef, run))
    case 'run:open':
      return ok(packRun(run))
    case 'run:last-times':
      return ok(lastTimes(run))
    case 'run:summary':
      return ok(summary(run))
    case 'run:history':
      return history(run)
    case 'terminal:list':
      return []
    case 'terminal:open':
      return ok({ id: 'terminal-1', title: 'u-boot' })
    default:
      return undefined
  }
}

function report({ board, upto }: BuildRef, run: RunState): BuildReport {
  const cell = cellOf(run, board, upto)
  const built = stateOf(run, cell) === 'ok' || stateOf(run, cell) === 'warnings'
  const arch = run.boards[Math.floor(cell / run.commits.length)]?.arch ?? 'arm'
  return {
    blobs: built
      ? [
          {
            name: 'bl31.bin',
            variable: 'BL31',
            path: '/home/ada/tf-a/build/bl31.bin',
            sha256: '3f2a9c'.repeat(10),
          },
        ]
      : [],
    reproduce: [
      'git -C /home/ada/u-boot checkout --detach 42fd2c14',
      `make O=/tmp/${board} ${board}_defconfig`,
      `make O=/tmp/${board} CROSS_COMPILE=/usr/bin/${arch}-linux-gnu- -j16`,
    ].join('\n'),
    outputDir: `/home/ada/u-boot-builds/02_g42fd2c14_dm-core/${board}`,
    artifacts: built
      ? [
          'u-boot',
          'u-boot-sunxi-with-spl.bin',
          'u-boot.bin',
          'u-boot.itb',
          'spl/u-boot-spl.bin',
        ].map((name, index) => ({
          name,
          bytes: 700_000 - 120_000 * index,
          sha256: '71d0be'.repeat(10),
        }))
      : [],
    sizes: built
      ? [
          { image: 'u-boot', text: 412_304, data: 9_212, bss: 51_220, rodata: 88_120 },
          { image: 'spl', text: 41_118, data: 512, bss: 1_024, rodata: 6_204 },
        ]
      : [],
    others: [
      past('a', 3.1e6, { seconds: 7.2, machine: 'ruru', sameSource: true }),
      past('b', 9.2e6, { seconds: 8.9, machine: 'moa', outcome: 'failed' }),
      past('c', 9.4e7, { seconds: 6.1, machine: 'local' }),
    ],
    toolchain: `/usr/bin/${arch}-linux-gnu-gcc 12.2.0`,
  }
}

function past(runId: string, ago: number, change: Partial<PastBuild>): PastBuild {
  const build = { seconds: 1, machine: 'moa', outcome: 'ok', sameSource: false } as const
  return { runId, at: Date.now() - ago, ...build, ...change }
}

function lastTimes(run: RunState): LastTimes {
  const cells = run.boards.length * run.commits.length
  const times = (factor: number) => ({
    seconds: Float32Array.from({ length: cells }, (_, cell) => factor * (4 + (cell % 37))),
    machine: Uint8Array.from({ length: cells }, (_, cell) => 1 + (cell % 2)),
  })
  return { passed: times(1), failed: times(0.3), machines: ['moa', 'ruru'] }
}

function log({ board, upto }: BuildRef, run: RunState): LogReport {
  const state = stateOf(run, cellOf(run, board, upto))
  const compiled = Array.from(
    { length: 900 },
    (_, index) => `  CC      ${index % 3 ? 'drivers' : 'common'}/unit-${index}/file_${index}.o`,
  )
  const lines =
    state === 'failed'
      ? [...compiled.slice(0, 640), ...failure, ...compiled.slice(640, 655), ...end]
      : state === 'warnings'
        ? [...compiled.slice(0, 200), ...warning, ...compiled.slice(200)]
        : compiled
  const once = `${lines.join('\n')}\n`
  const text = run.runId.startsWith('huge') ? once.repeat(Math.ceil(hugeBytes / once.length)) : once
  const diagnostics = parseDiagnostics(text).list.map(({ tool: _, ...one }) => one)
  return { text, gaps: [], diagnostics }
}

const warning = [
  "common/board_f.c: In function 'reserve_video':",
  "common/board_f.c:412:8: warning: unused variable 'addr' [-Wunused-variable]",
  '  412 |  ulong addr;',
  '      |        ^~~~',
]

const failure = [
  ...warning,
  'In file included from include/common.h:16,',
  '                 from common/spl/spl.c:11:',
  "common/spl/spl.c: In function 'board_init_r':",
  "common/spl/spl.c:512:9: error: implicit declaration of function 'spl_boot_mode' [-Werror=implicit-function-declaration]",
  '  512 |   if (spl_boot_mode(spl_boot_list[0]) == MMCSD_MODE_EMMCBOOT) {',
  '      |       ^~~~~~~~~~~~~',
  "common/spl/spl.c:530:3: error: 'spl_image' undeclared (first use in this function); did you mean 'spl_load'?",
  '  530 |   spl_image->boot_device = spl_boot_list[0];',
  '      |   ^~~~~~~~~',
  '      |   spl_load',
]

const end = [
  'make[2]: *** [scripts/Makefile.build:257: common/spl/spl.o] Error 1',
  'make[1]: *** [Makefile:2016: spl/u-boot-spl] Error 2',
  'make: *** [Makefile:177: sub-make] Error 2',
]

function history(run: RunState): readonly HistoryEntry[] {
  const titles = ['spl-rework', 'master', 'arm boards before the release', 'net: phy series']
  return Array.from({ length: 24 }, (_, index) => ({
    runId: index === 0 ? run.runId : `old-${index}`,
    startedAt: Date.now() - 4.1e6 * (1 + index * index),
    finishedAt: index === 5 ? 0 : Date.now() - 4.1e6 * (1 + index * index) + 400_000 + 9000 * index,
    treeDir: index % 5 === 4 ? '/home/ada/linux-like' : '/home/ada/u-boot',
    outputDir: '/home/ada/u-boot-builds',
    title: titles[index % titles.length] ?? '',
    boards: 1228 - 37 * index,
    commits: 1 + (index % 4) * 3,
    machines: ['local', 'moa', 'ruru', 'kea'].slice(0, 1 + (index % 4)),
    counts: {
      ok: 1100 - 37 * index,
      warnings: 60 + index,
      failed: index % 3 === 0 ? 0 : 7 * index,
      noBoot: index % 4 === 2 ? 3 : 0,
      notBuilt: index % 6,
    },
    exitCode: index % 3 === 0 ? 0 : 100,
    cancelled: index % 7 === 6,
  }))
}

/** What the run itself knows, with a warning for each board that has any. */
function summary(run: RunState): readonly Summary[] {
  return summariesOf(run).map((one) => ({ ...one, lines: [...one.lines, ...warnings(one)] }))
}

function warnings({ boards }: Summary): readonly LineChange[] {
  const hit = boards.filter((board) => board.warnings === 'came').map(({ board }) => board)
  if (hit.length === 0) return []
  const text = "common/board_f.c:412:8: warning: unused variable 'addr' [-Wunused-variable]"
  const place = { file: 'common/board_f.c', line: 412, column: 8 }
  return [{ sign: '+', kind: 'warning', text, ...place, boards: hit, key: text }]
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownGrowth } from '../../../src-core/reports/size-texts.ts'
import { applyEvent, emptyRun, type RunState } from '../../../src-core/run/run-state.ts'
import { beginning, finished, testBoard } from '../../../src-core/run/test-run.ts'
import { summariesOf } from '../../../src-core/summary/test-summaries.ts'
import { ColumnTotals, mostChanged, type SizeRow } from './column-totals.ts'

const boards = [testBoard('snow'), testBoard('rpi'), testBoard('qemu', { arch: 'riscv' })]

type Result = { board: number; upto: number; bytes: number }

function begin(commits: number): RunState {
  const run = emptyRun()
  for (const event of beginning(boards, commits)) applyEvent(run, event)
  return run
}

/** 0 bytes stand for a failure. */
function finish(run: RunState, { board, upto, bytes }: Result): void {
  const failed = bytes === 0
  applyEvent(
    run,
    finished(boards[board]?.target ?? '', {
      upto,
      outcome: failed ? 'failed' : 'ok',
      sizes: failed ? [] : [{ image: 'u-boot', text: bytes, data: 0, bss: 0, rodata: 0 }],
    }),
  )
}

test('columns say what broke, what was fixed, and how sizes changed by architecture', () => {
  const run = begin(3)
  const rows = [
    [100, 116, 116],
    [200, 0, 208],
    [0, 300, 290],
  ]
  for (const [board, row] of rows.entries())
    for (const [upto, bytes] of row.entries()) finish(run, { board, upto, bytes })
  const { broken, fixed, sizes } = new ColumnTotals(run).feet()
  expect([...Array.from(broken)]).toEqual([0, 1, 0])
  expect([...Array.from(fixed)]).toEqual([0, 1, 1])
  expect(sizes).toEqual([
    { arch: 'arm', means: [0, 16, 0], compared: [0, 1, 1] },
    { arch: 'riscv', means: [0, 0, -10], compared: [0, 0, 1] },
  ])
})

const results = fc
  .array(fc.constantFrom(0, 100, 116, 90, 5000), { minLength: 12, maxLength: 12 })
  .chain((bytes) =>
    fc.shuffledSubarray(
      bytes.map(
        (size, index): Result => ({ board: index % 3, upto: Math.floor(index / 3), bytes: size }),
      ),
    ),
  )

test('kept up to date board by board, in any order, they are what a fresh count gives', () => {
  fc.assert(
    fc.property(results, (list) => {
      const run = begin(4)
      const totals = new ColumnTotals(run)
      for (const result of list) {
        finish(run, result)
        totals.update(result.board)
      }
      expect(totals.feet()).toEqual(new ColumnTotals(run).feet())
    }),
  )
})

test('the means are those of what each commit itself changed', () => {
  fc.assert(
    fc.property(results, (list) => {
      const run = begin(4)
      for (const result of list) finish(run, result)
      const { sizes } = new ColumnTotals(run).feet()
      for (const [upto, summary] of summariesOf(run).entries()) {
        for (const arch of ['arm', 'riscv']) {
          const its = summary.sizes.find((one) => one.arch === arch)
          const mean = its ? ownGrowth(its, 'u-boot') : 0
          const own = sizes.find((row) => row.arch === arch)?.means[upto]
          expect(own ?? 0).toBeCloseTo(mean)
        }
      }
    }),
  )
})

test('where there is room for some only, those that changed most are kept', () => {
  const row = (arch: string, bytes: number): SizeRow => ({ arch, means: [bytes], compared: [1] })
  const rows = [row('arm', -4), row('mips', 1), row('riscv', 9)]
  expect(mostChanged(rows, 2).map(({ arch }) => arch)).toEqual(['arm', 'riscv'])
  expect(mostChanged(rows, 3)).toBe(rows)
  expect(mostChanged(rows, 0)).toEqual([])
})

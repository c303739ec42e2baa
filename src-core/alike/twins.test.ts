import { expect, test } from 'vitest'
import { findTwins, type MadeBoard } from './twins.ts'

function made(rows: Readonly<Record<string, Readonly<Record<string, string | null>>>>) {
  return Object.entries(rows).flatMap(([machine, boards]) =>
    Object.entries(boards).map(([board, images]): MadeBoard => ({ machine, board, images })),
  )
}

test('machines that build all alike are twins; one that builds more may stand in for one that builds less', () => {
  const twins = findTwins(
    made({
      moa: { arm: 'a', riscv: null },
      ruru: { arm: 'a', riscv: 'r' },
      kea: { arm: 'b', riscv: 'r' },
      tui: { arm: 'a', riscv: 'r' },
      weka: { arm: null, riscv: null },
    }),
  )
  expect(twins).toEqual([
    { machines: ['ruru', 'tui'], mayReplace: ['moa'], lacking: [] },
    { machines: ['moa'], mayReplace: [], lacking: ['riscv'] },
    { machines: ['kea'], mayReplace: [], lacking: [] },
    { machines: ['weka'], mayReplace: [], lacking: ['arm', 'riscv'] },
  ])
})

test('whatever machines build: each has its place, and none replaces one that builds otherwise', () => {
  const seed = Date.now() % 100_000
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  for (let round = 0; round < 200; round += 1) {
    const boards = Array.from({ length: 1 + random(4) }, (_, index) => `b${index}`)
    const machines = Array.from({ length: 1 + random(7) }, (_, index) => `m${index}`)
    const images = [null, 'x', 'y']
    const all = machines.flatMap((machine) =>
      boards.map((board): MadeBoard => ({ machine, board, images: images[random(3)] ?? null })),
    )
    const of = (machine: string, board: string) =>
      all.find((one) => one.machine === machine && one.board === board)?.images ?? null
    const twins = findTwins(all)
    const about = `seed ${seed}, round ${round}`
    expect(twins.flatMap((one) => one.machines).sort(), about).toEqual(machines)
    for (const { machines: its, mayReplace, lacking } of twins) {
      for (const board of boards) {
        expect(new Set(its.map((machine) => of(machine, board))).size, about).toBe(1)
        expect(of(its[0] ?? '', board) === null, about).toBe(lacking.includes(board))
        for (const other of mayReplace) {
          expect([null, of(its[0] ?? '', board)], about).toContain(of(other, board))
        }
      }
    }
  }
})

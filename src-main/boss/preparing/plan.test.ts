import { expect, test } from 'vitest'
import type { MachineStatus, Toolchain } from '../../../src-core/model.ts'
import { testConfig, testStatus } from '../../../src-core/test-machine.ts'
import { estimator, recordDuration } from '../../results/durations.ts'
import { madeUpBoard } from '../scheduling/simulation/made-up-boards.ts'
import { boardCosts } from './board-cost.ts'
import { type PlanQuestion, planSummary, takingPart } from './plan.ts'

const config = {
  file: '~/.buildman',
  local: testConfig('local'),
  machines: ['moa', 'ellesmere'].map((name) => testConfig(name)),
}
const request = { distribute: false, useMachines: [] as string[], noLocal: false }

function names(toggles: Partial<typeof request>): string {
  const result = takingPart({ ...request, ...toggles }, config)
  return result.ok
    ? result.value.map(({ name }) => name).join(' ')
    : `refused: ${result.problem.what}`
}

test('the three toggles choose the machines', () => {
  expect(names({})).toBe('local')
  expect(names({ distribute: true })).toBe('local moa ellesmere')
  expect(names({ distribute: true, noLocal: true })).toBe('moa ellesmere')
  expect(names({ useMachines: ['Moa'] })).toBe('local moa')
  expect(names({ useMachines: ['moa'], noLocal: true })).toBe('moa')
  expect(names({ noLocal: true })).toContain('refused: Nothing would be built')
  expect(names({ useMachines: ['nosuch'] })).toContain('nosuch')
})

function status(
  name: string,
  archs: readonly string[],
  more: Partial<MachineStatus> = {},
): MachineStatus {
  const toolchains = archs.map(
    (arch): Toolchain => ({ arch, gcc: 'gcc', prefix: '', version: '12', triple: '' }),
  )
  return testStatus(name, { toolchains, slots: 2, ...more })
}

const boards = [
  madeUpBoard('snow', 'arm'),
  madeUpBoard('rock', 'aarch64'),
  madeUpBoard('unmatched', 'riscv64'),
]

function question(machines: readonly MachineStatus[]): PlanQuestion {
  const known = new Map()
  recordDuration(known, { board: 'snow', arch: 'arm', machine: 'moa', kind: 'cold' }, 40, 1)
  const history = estimator(known)
  return {
    boards,
    todo: new Map(boards.map(({ target }) => [target, [0]])),
    previously: 4,
    machines,
    providers: [],
    costOf: boardCosts(history, true),
    estimator: history,
    warmFactor: 1,
    blobs: [],
    notes: [],
  }
}

test('a plan says how many boards where, which are left out and why, and how long it takes', () => {
  const plan = planSummary(
    question([
      status('local', ['arm']),
      status('moa', ['arm', 'aarch64'], {
        leftOut: [{ arch: 'riscv64', reason: 'gcc 13 here, 12 on local' }],
      }),
      status('away', [], { state: 'unavailable', reason: 'no route to host', slots: 0 }),
    ]),
  )
  expect(plan.builds).toBe(7)
  expect(plan.machines.map(({ boards }) => boards).reduce((sum, n) => sum + n)).toBe(2)
  expect(plan.machines[2]).toMatchObject({
    name: 'away',
    slots: 0,
    boards: 0,
    reason: 'no route to host',
  })
  expect(plan.notBuilt).toEqual([
    {
      arch: 'riscv64',
      reason: 'no toolchain for riscv64 on local; left out on moa',
      boards: ['unmatched'],
    },
  ])
  expect(plan.notes).toEqual(['moa: left out for riscv64: gcc 13 here, 12 on local'])
  expect(plan.blocked).toBe('')
  expect(plan.estimate?.low).toBeLessThan(40)
  expect(plan.estimate?.high).toBeGreaterThan(40)
})

test('with no machine at all a plan says that it is blocked, and each machine why', () => {
  const plan = planSummary(question([status('moa', [], { state: 'unavailable', reason: 'busy' })]))
  expect(plan.blocked).toBe('no machine is available')
  expect(plan.machines).toMatchObject([{ name: 'moa', reason: 'busy' }])
  expect(plan.notBuilt).toEqual([])
})

test("a machine's trouble is said once, however many architectures lack a compiler", () => {
  const archs = Array.from({ length: 10 }, (_, index) => `arch${index}`)
  const many = archs.flatMap((arch) => [0, 1].map((n) => madeUpBoard(`${arch}-${n}`, arch)))
  const trouble = 'the name h1 is not known. Check the spelling'
  const plan = planSummary({
    ...question([
      status('local', ['arm']),
      status('h1', [], { state: 'unavailable', reason: trouble }),
      status('h2', [], { leftOut: archs.map((arch) => ({ arch, reason: 'gcc 13 here' })) }),
    ]),
    boards: many,
    todo: new Map(many.map(({ target }) => [target, [0]])),
  })
  expect(JSON.stringify(plan).split(trouble)).toHaveLength(2)
  expect(JSON.stringify(plan).split('gcc 13 here')).toHaveLength(2)
  expect(plan.notBuilt).toHaveLength(10)
  expect(plan.notBuilt[0]).toMatchObject({ arch: 'arch0', boards: ['arch0-0', 'arch0-1'] })
})

test('while a machine is asked what it is, no board is said to have no compiler', () => {
  const asked = status('moa', [], { state: 'probing', slots: 0 })
  const plan = planSummary(question([status('local', ['arm']), asked]))
  expect(plan.notBuilt).toEqual([])
  expect(plan.machines).toMatchObject([
    { name: 'local', boards: 1 },
    { name: 'moa', boards: 0, reason: 'being asked', isAsked: true },
  ])
  expect(plan.machines[0]).not.toHaveProperty('isAsked')
  expect(planSummary(question([status('local', ['arm'])])).notBuilt).toHaveLength(2)
})

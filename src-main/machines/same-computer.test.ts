import { expect, test } from 'vitest'
import type { MachineStatus } from '../../src-core/model.ts'
import { testStatus } from '../../src-core/test-machine.ts'
import { ComputersOfRun, eachComputerOnce } from './same-computer.ts'

function status(name: string, computer: string, state: MachineStatus['state'] = 'available') {
  const facts = {
    hostname: name,
    computer,
    machineId: '',
    arch: 'x86_64',
    kernel: '6.1',
    cores: 2,
    threads: 2,
    bogomips: 4000,
    load1m: 0,
    memAvailableMb: 4096,
    diskAvailableMb: 8192,
    buildsIn: '/root',
    tools: {},
    clockOffsetMs: 0,
    workers: [],
  }
  return testStatus(name, { state, facts })
}

const told = (statuses: readonly MachineStatus[]) =>
  statuses.map(({ config, state, reason }) => `${config.name} ${state} ${reason}`.trim())

test('of two names of one computer the first is used, and the second says so', () => {
  const statuses = [status('h1', 'a'), status('h2', 'a'), status('h3', 'b'), status('h4', '')]
  expect(told(eachComputerOnce([...statuses, status('h5', '')]))).toEqual([
    'h1 available',
    'h2 unavailable h2 is the same computer as h1: not used twice',
    'h3 available',
    'h4 available',
    'h5 available',
  ])
})

test('one that can not be used itself keeps no other name out', () => {
  const statuses = [status('h1', 'a', 'unavailable'), status('h2', 'a')]
  expect(told(eachComputerOnce(statuses))).toEqual(['h1 unavailable', 'h2 available'])
})

test('in a run it is whoever answered first, else the first in their order', () => {
  const known: MachineStatus[] = []
  const run = new ComputersOfRun(['h1', 'h2'], () => known)
  const answer = (one: MachineStatus) => {
    known.push(one)
    return told([run.judge(one)])
  }
  expect(answer(status('h0', 'a'))).toEqual(['h0 available'])
  const other = new ComputersOfRun(['h1', 'h2'], () => known)
  known.push(status('h1', 'a'), status('h2', 'a'))
  expect(told([other.judge(status('h2', 'a'))])).toEqual([
    'h2 unavailable h2 is the same computer as h1: not used twice',
  ])
  expect(told([other.judge(status('h1', 'a'))])).toEqual(['h1 available'])
  const late = new ComputersOfRun(['h1', 'h2'], () => [status('h2', 'a')])
  expect(told([late.judge(status('h2', 'a')), late.judge(status('h1', 'a'))])).toEqual([
    'h2 available',
    'h1 unavailable h1 is the same computer as h2: not used twice',
  ])
})

import { expect, test } from 'vitest'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import { planLines } from './dry-run.ts'

const plan: PlanSummary = {
  builds: 9,
  previously: 0,
  machines: [
    { name: 'local', slots: 4, boards: 2, reason: '' },
    { name: 'h1', slots: 0, boards: 0, reason: 'the name h1 is not known' },
  ],
  notBuilt: [
    {
      arch: 'arm',
      reason: 'no toolchain for arm on local',
      boards: ['a', 'b', 'c', 'd', 'e', 'f'],
    },
    { arch: 'sandbox', reason: 'no toolchain for sandbox on local', boards: ['sandbox'] },
    { arch: 'x86', reason: 'no toolchain for x86 on local', boards: ['qemu-x86'] },
  ],
  estimate: null,
  blocked: '',
  blobs: [],
  notes: [],
}

test('a plan names what lacks a compiler, a few of its boards, and how to get one', () => {
  expect(planLines(plan)).toEqual([
    '  local: about 2 boards on 4 slots',
    '  h1: none: the name h1 is not known',
    '  arm: 6 not built: no toolchain for arm on local: a b c d e …',
    '  sandbox: 1 not built: no toolchain for sandbox on local: sandbox',
    '  x86: 1 not built: no toolchain for x86 on local: qemu-x86',
    '  to get compilers: slipway --fetch-arch arm,x86 here, then slipway --machines-fetch-arch',
    "  for sandbox, install the system's own gcc",
  ])
})

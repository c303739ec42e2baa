import { expect, test } from 'vitest'
import { testBoard, testRequest } from '../../../src-core/run/test-run.ts'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import { dryRunLines, planLines } from './dry-run.ts'

const plan: PlanSummary = {
  builds: 9,
  previously: 0,
  machines: [
    { name: 'local', slots: 4, boards: 2, reason: '' },
    { name: 'h1', slots: 0, boards: 0, reason: 'the name h1 is not known' },
  ],
  providers: [],
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

test('with -v each board says what firmware it needs, and where that lies', () => {
  const [pine, rock] = [testBoard('pine'), testBoard('rock')]
  const bl31 = { name: 'bl31.bin', variable: 'BL31', optional: false }
  const blobs = [
    { ...bl31, from: '/fw/bl31.bin of [blobs]', boards: ['rock'] },
    { ...bl31, from: '', boards: ['pine'] },
    { name: 'tee.bin', variable: 'TEE', optional: true, from: '', boards: ['pine'] },
  ]
  const lines = dryRunLines({
    request: testRequest,
    selected: { boards: [pine, rock], counts: [], notFound: [], ignored: [] },
    commits: [],
    plan: { ...plan, blobs },
    here: null,
    verbose: true,
    base: '/out',
  })
  expect(lines.slice(-2)).toEqual([
    '  pine needs bl31.bin (BL31): missing; tee.bin (TEE): not there, and not needed by every image',
    '  rock needs bl31.bin (BL31): /fw/bl31.bin of [blobs]',
  ])
})

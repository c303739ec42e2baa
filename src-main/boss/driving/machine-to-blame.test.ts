import { expect, test } from 'vitest'
import { machineToBlame } from './machine-to-blame.ts'

function result(more: object) {
  const message = { board: 'snow', commit_upto: 0, return_code: 2, stderr: '', stdout: '' }
  return machineToBlame({ resp: 'build_result', ...message, ...more })
}

test('a result that says why it failed is the source’s fault', () => {
  expect(result({ return_code: 0 })).toBeNull()
  expect(result({ stderr: 'a.c:1:1: error: no' })).toBeNull()
  expect(result({ reason: 'time limit', stderr: '' })).toBeNull()
})

test('what is the machine’s fault is better built elsewhere', () => {
  expect(result({ reason: 'disk full' })).toMatchObject({ blame: 'board' })
  expect(result({ return_code: -1 })).toMatchObject({ blame: 'board' })
  expect(result({})).toMatchObject({ reason: expect.stringContaining('without a word') })
})

test('without a compiler no board of the architecture can be built there, also by buildman', () => {
  expect(result({ reason: 'no toolchain' })).toMatchObject({ blame: 'arch' })
  const stderr = "Tool chain error for arm: No tool chain found for arch 'arm'\n"
  expect(result({ return_code: 10, stderr })).toEqual({ reason: stderr.trim(), blame: 'arch' })
})

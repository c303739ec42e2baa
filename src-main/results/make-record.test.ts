import { expect, test } from 'vitest'
import { packFiles } from '../../src-worker/protocol/protocol.ts'
import { makeRecord } from './make-record.ts'

const context = {
  ...{ runId: 'r', machine: 'm', hash: 'h', settings: '', blobs: [], finishedAt: 0, seconds: 1 },
  ...{ isFirst: true, absentFiles: [], keepsOutputs: false },
}
const message = {
  ...({ resp: 'build_result', board: 'b', commit_upto: 0, return_code: 0 } as const),
  ...{ stdout: '', stderr: '' },
}

test('files that came damaged are named, since the folder is not whole', () => {
  const { record, texts } = makeRecord({ ...message, files_gz: 'no gzip' }, context)
  expect(record.outcome).toBe('ok')
  expect(record.problems).toEqual([
    expect.stringMatching(/^its configuration and sizes came damaged: ./),
  ])
  expect(texts).not.toHaveProperty(['.config'])
  const whole = makeRecord({ ...message, files_gz: packFiles({ '.config': 'A=y\n' }) }, context)
  expect(whole.record.problems).toEqual([])
  expect(whole.texts).toMatchObject({ '.config': 'A=y\n' })
})

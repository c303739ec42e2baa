import { expect, test } from 'vitest'
import { type BadRule, judgeBuild, parseBadRule, type TestedBuild } from './bad-rule.ts'

const plain: TestedBuild = {
  outcome: 'ok',
  stderr: '',
  errors: [],
  warnings: [],
  bytes: 1000,
  config: { CONFIG_A: 'y' },
  images: { 'u-boot.bin': 'aa' },
  status: null,
}
const failed = (error: string): TestedBuild => ({
  ...plain,
  outcome: 'failed',
  stderr: error,
  errors: [error],
})
const rule = (text: string, command = ''): BadRule => {
  const parsed = parseBadRule(text, command)
  if (!parsed.ok) throw new Error(parsed.problem.what)
  return parsed.value
}

test('a board fails as it does at the end, or it can not be told', () => {
  const last = failed('x.c: error: no')
  const ends = { first: null, last }
  const judged = [plain, failed('x.c: error: no'), failed('y.c: error: other'), last]
  expect(judged.map((build) => judgeBuild(rule(''), build, ends))).toEqual([
    'good',
    'bad',
    'skip',
    'bad',
  ])
})

test('only a warning that came in between counts', () => {
  const warned = (...warnings: string[]): TestedBuild => ({
    ...plain,
    outcome: 'warnings',
    warnings,
  })
  const ends = { first: warned('old'), last: warned('old', 'new') }
  expect(judgeBuild(rule('warns'), warned('old'), ends)).toBe('good')
  expect(judgeBuild(rule('warns'), warned('new'), ends)).toBe('bad')
  expect(judgeBuild(rule('warns'), failed('x'), ends)).toBe('skip')
})

test('a text, a size, a symbol and images are looked for', () => {
  const ends = { first: plain, last: null }
  expect(judgeBuild(rule('no such'), failed('x: no such thing'), ends)).toBe('bad')
  expect(judgeBuild(rule('no such'), failed('x: other'), ends)).toBe('skip')
  expect(judgeBuild(rule('no such'), plain, ends)).toBe('good')
  expect(judgeBuild(rule('size:10'), { ...plain, bytes: 1010 }, ends)).toBe('good')
  expect(judgeBuild(rule('size:10'), { ...plain, bytes: 1011 }, ends)).toBe('bad')
  expect(judgeBuild(rule('size:10'), { ...plain, bytes: null }, ends)).toBe('skip')
  expect(judgeBuild(rule('config:CONFIG_A'), { ...plain, config: { CONFIG_A: '1' } }, ends)).toBe(
    'good',
  )
  expect(judgeBuild(rule('config:A'), { ...plain, config: { CONFIG_B: 'y' } }, ends)).toBe('bad')
  expect(judgeBuild(rule('changed'), { ...plain, images: { 'u-boot.bin': 'bb' } }, ends)).toBe(
    'bad',
  )
  expect(judgeBuild(rule('changed'), { ...plain, images: {} }, ends)).toBe('skip')
})

test("a command's status is read as git bisect run reads it", () => {
  const told = [0, 1, 125, 127, 128, null].map((status) =>
    judgeBuild(rule('', 'check'), { ...plain, status }, { first: null, last: null }),
  )
  expect(told).toEqual(['good', 'bad', 'skip', 'bad', 'skip', 'skip'])
})

test('what can not be read is refused', () => {
  expect(parseBadRule('size:many', '')).toMatchObject({ ok: false })
  expect(parseBadRule('config:a b', '')).toMatchObject({ ok: false })
  expect(parseBadRule('fails', 'check')).toMatchObject({ ok: false })
})

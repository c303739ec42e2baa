import { expect, test } from 'vitest'
import { type FindForm, firstForm, goodOf, ruleOf } from './find-form.ts'

const failed = {
  state: 'failed',
  firstErrors: ["common/spl.c:7:3: error: 'no_such_reset' undeclared"],
  sizeChange: 0,
} as const

function form(changes: Partial<FindForm>): FindForm {
  return { ...firstForm(failed), ...changes }
}

test('what is looked for is filled in from what the cell shows', () => {
  expect(firstForm(failed)).toMatchObject({ kind: 'fails', text: "'no_such_reset' undeclared" })
  const built = { firstErrors: [], sizeChange: 0 }
  expect(firstForm({ ...built, state: 'warnings' }).kind).toBe('warns')
  expect(firstForm({ ...built, state: 'ok', sizeChange: 512 }).kind).toBe('grows')
  expect(firstForm({ ...built, state: 'ok' }).kind).toBe('changed')
})

test.each<[Partial<FindForm>, object]>([
  [{ kind: 'fails' }, { kind: 'fails' }],
  [
    { kind: 'says', text: 'no_such' },
    { kind: 'says', text: 'no_such' },
  ],
  [
    { kind: 'grows', bytes: '64' },
    { kind: 'grows', bytes: 64 },
  ],
  [
    { kind: 'config', symbol: ' CONFIG_SPL ' },
    { kind: 'config', symbol: 'SPL' },
  ],
  [
    { kind: 'command', command: 'test -s u-boot' },
    { kind: 'command', command: 'test -s u-boot' },
  ],
])('%o is a rule', (changes, rule) => {
  expect(ruleOf(form(changes))).toEqual({ ok: true, value: rule })
})

test.each<Partial<FindForm>>([
  { kind: 'says', text: '' },
  { kind: 'grows', bytes: '-3' },
  { kind: 'config', symbol: 'A B' },
  { kind: 'command', command: ' ' },
])('%o says what is missing', (changes) => {
  expect(ruleOf(form(changes)).ok).toBe(false)
})

test('a good end is one commit that was offered, or one that a person names', () => {
  expect(goodOf(form({ good: 'abc' }))).toEqual({ ok: true, value: 'abc' })
  expect(goodOf(form({ other: ' v2026.01 ' }))).toEqual({ ok: true, value: 'v2026.01' })
  for (const other of ['', '-x', 'a b', 'a..b']) expect(goodOf(form({ other })).ok).toBe(false)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BlobRules, usualBlobBounds } from '../../../src-core/blobs/blob-rules.ts'
import { readForEdit } from './checked-edit.ts'
import { editBlobRules } from './edit-blob-rules.ts'

const file = `[machines]
moa
[blobs]
# ours
BL31.bin : ~/tf-a/bl31.bin
# the vendor's
tee.bin = /fw/tee.bin

[blobs:imx8mm]
lpddr4_* = ~/imx
folders = ~/imx, /srv/fw
[make-flags]
snow = X=1
`

function rulesOf(text: string): BlobRules {
  const config = readForEdit(text)
  if (!config.ok) throw new Error(config.problem.what)
  return config.value.blobs
}

function edited(text: string, rules: BlobRules): string {
  const result = editBlobRules(text, rules)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

const now = rulesOf(file)
const none = { rules: [], folders: [], ...usualBlobBounds }

test('rules that the file has already leave it as it is', () => {
  expect(edited(file, now)).toBe(file)
  expect(edited('', none)).toBe('')
})

test('a change touches the line that says otherwise, and no more', () => {
  const [bl31, tee, ddr] = now.rules
  if (!bl31 || !tee || !ddr) throw new Error('the file has three rules')
  const moved = { ...now, rules: [bl31, { ...tee, path: '/fw/100%.bin' }, ddr] }
  expect(edited(file, moved)).toBe(file.replace('/fw/tee.bin', '/fw/100%%.bin'))
  const renamed = { ...now, rules: [{ ...bl31, pattern: 'BL31' }, tee, ddr] }
  expect(edited(file, renamed)).toBe(file.replace('BL31.bin :', 'bl31 :'))
  const removed = { ...now, rules: [tee, ddr] }
  expect(edited(file, removed)).toBe(file.replace('BL31.bin : ~/tf-a/bl31.bin\n', ''))
})

test('a new rule comes last in its section, a new section at the end of the file', () => {
  const scp = { only: '', pattern: 'scp.bin', path: '~/scp.bin' }
  const forPine = { only: 'pine64_plus', pattern: 'bl31.bin', path: '/x/bl31.bin' }
  expect(edited(file, { ...now, rules: [forPine, scp, ...now.rules], maxMb: 512 })).toBe(
    `${file.replace('tee.bin\n', 'tee.bin\nscp.bin = ~/scp.bin\nmax_mb = 512\n')}
[blobs:pine64_plus]
bl31.bin = /x/bl31.bin
`,
  )
  const folder = { ...none, folders: [{ only: '', path: '~/fw' }] }
  expect(edited('', folder)).toBe('[blobs]\nfolders = ~/fw\n')
})

test('a section without rules goes, one with a bound stays', () => {
  expect(edited(file, { ...now, rules: now.rules.slice(0, 2), folders: [] })).not.toContain(
    'imx8mm',
  )
  const bound = '[blobs]\nmax_mb = 1000\nx = /y\n'
  expect(edited(bound, { ...none, maxMb: 1000 })).toBe('[blobs]\nmax_mb = 1000\n')
})

test('what the file can not hold is refused, with a word', () => {
  const one = (fields: Partial<BlobRules['rules'][number]>) => {
    const rule = { only: '', pattern: 'bl31.bin', path: '/x', ...fields }
    const result = editBlobRules(file, { ...none, rules: [rule] })
    return result.ok ? '' : result.problem.what
  }
  expect(one({ pattern: 'a=b' })).toMatch(/can't be a name in \[blobs\]/)
  expect(one({ pattern: 'folders' })).toMatch(/means something else/)
  expect(one({ path: ' /x' })).toMatch(/is not a path/)
  expect(one({ only: 'a]b' })).toMatch(/is no board or SoC/)
  const twice = { only: '', pattern: 'Scp.bin', path: '/x' }
  expect(editBlobRules('', { ...none, rules: [twice, { ...twice, pattern: 'scp.bin' }] })).toEqual({
    ok: false,
    problem: { what: "'scp.bin' is there twice for all boards", hint: '' },
  })
  const z = { only: '', pattern: 'z', path: '/y' }
  const inDefault = editBlobRules('[DEFAULT]\nx = /y\n[blobs]\nz = /y\n', { ...none, rules: [z] })
  expect(inDefault).toMatchObject({ problem: { hint: expect.stringContaining('[DEFAULT]') } })
})

test('whatever is asked for, the file says it or it is refused', () => {
  const word = fc.string({ maxLength: 6, unit: fc.constantFrom(...'ab%=#:;[] ~/*,\n') })
  const only = fc.constantFrom('', 'pine', 'imx8mm', ']')
  const rule = fc.record({ only, pattern: word, path: word })
  const wanted = fc.record({
    rules: fc.array(rule, { maxLength: 5 }),
    folders: fc.array(fc.record({ only, path: word }), { maxLength: 3 }),
    maxMb: fc.constantFrom(256, 512),
    maxFileMb: fc.constantFrom(64, 1),
  })
  fc.assert(
    fc.property(fc.constantFrom(file, '', '[blobs:pine]\na = b\n'), wanted, (text, rules) => {
      const result = editBlobRules(text, rules)
      if (!result.ok) return
      const said = rulesOf(result.value)
      expect(said.rules.map(keyOf).sort()).toEqual(rules.rules.map(keyOf).sort())
      expect([said.maxMb, said.maxFileMb]).toEqual([rules.maxMb, rules.maxFileMb])
    }),
  )
})

function keyOf({ only, pattern, path }: BlobRules['rules'][number]): string {
  return [only, pattern.toLowerCase(), path].join('\0')
}

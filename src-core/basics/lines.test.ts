import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineCutter, linesOf } from './lines.ts'

test('a text is cut at its newlines, and one at the end begins no line', () => {
  expect([...linesOf('')]).toEqual([])
  expect([...linesOf('one')]).toEqual(['one'])
  expect([...linesOf('one\n\ntwo\n')]).toEqual(['one', '', 'two'])
  expect([...linesOf('one\r\n\r\nt\rwo\r\n')]).toEqual(['one', '', 't\rwo'])
})

test('of a line that is too long the beginning is kept, and the next line is whole', () => {
  expect([...linesOf(`${'x'.repeat(10)}\nshort`, 4)]).toEqual(['xxxx', 'shor'])
  const [long = '', next] = linesOf(`${'x'.repeat(1 << 20)}\nnext`)
  expect(long.length).toBe(4096)
  expect(next).toBe('next')
})

test('bytes are cut into the same lines, wherever the chunks end', () => {
  const text = fc.array(fc.constantFrom('a', 'é', '\n', '🦊', '\r')).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(60)), (all, places) => {
      const bytes = new TextEncoder().encode(all)
      const cuts = [...places.filter((at) => at < bytes.length), 0, bytes.length]
      cuts.sort((a, b) => a - b)
      const lines: string[] = []
      const cutter = new LineCutter(({ bytes: line }) => {
        lines.push(new TextDecoder().decode(line ?? undefined))
      }, 1000)
      cuts.slice(1).forEach((end, i) => {
        cutter.push(bytes.subarray(cuts[i], end))
      })
      cutter.end()
      expect(lines).toEqual([...linesOf(all)])
    }),
  )
})

test('a line of bytes over the bound is told by its length alone', () => {
  const lines: unknown[] = []
  const cutter = new LineCutter((line) => lines.push(line), 4)
  for (const chunk of ['12', '345', '6\n78', '\n']) cutter.push(new TextEncoder().encode(chunk))
  expect(lines).toEqual([
    { bytes: null, length: 6 },
    { bytes: new TextEncoder().encode('78'), length: 2 },
  ])
})

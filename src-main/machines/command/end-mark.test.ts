import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beforeMark } from './end-mark.ts'

const mark = 'slipway-5a5a-ends '

/** What comes out, and the status, where `text` comes in pieces of these lengths. */
async function through(text: Buffer, lengths: readonly number[]) {
  const { stream, status } = beforeMark(mark)
  const pieces: Buffer[] = []
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1
    pieces.push(text.subarray(at, at + length))
    at += length
  }
  const said = await buffer(Readable.from(pieces).pipe(stream))
  return { said: said.toString('latin1'), status: status() }
}

test('however it is cut, the text before the mark passes, and the status is read', async () => {
  await fc.assert(
    fc.asyncProperty(
      // Beginnings of the mark among it are what it could be taken for.
      fc.array(
        fc.oneof(
          fc.string(),
          fc.nat(mark.length - 1).map((end) => mark.slice(0, end)),
        ),
      ),
      fc.nat(255),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      async (parts, code, lengths) => {
        const text = Buffer.from(parts.join(''))
        const whole = Buffer.concat([text, Buffer.from(`${mark}${code}\n`), Buffer.from('late')])
        fc.pre(!text.includes(mark))
        const found = await through(whole, lengths)
        expect(found).toEqual({ said: text.toString('latin1'), status: { kind: 'exit', code } })
      },
    ),
  )
})

test.each([
  ['cut before the mark', 'all of it', 'all of it'],
  ['cut in the mark', `some${mark.slice(0, 9)}`, `some${mark.slice(0, 9)}`],
  ['cut in the status', `some${mark}2`, `some${mark}2`],
  ['damaged', `some${mark}2x3y\n`, 'some'],
])('%s: there is no status', async (_how, text, said) => {
  expect(await through(Buffer.from(text), [7])).toEqual({ said, status: null })
})

test('a line passes at once, though its end could be the beginning of more', async () => {
  const { stream } = beforeMark(mark)
  const first = new Promise((resolve) => stream.once('data', (data) => resolve(String(data))))
  stream.write('{"resp":"ready"}\n')
  expect(await first).toBe('{"resp":"ready"}\n')
})

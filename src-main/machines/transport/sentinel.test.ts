import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterMark, markCommand } from './sentinel.ts'

test('what comes after the mark comes out, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string(),
      fc.string(),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (noise, own, cuts) => {
        const { stream, seen } = afterMark('~mark~\n')
        const bytes = Buffer.from(`${noise.replaceAll('~', '')}~ma~mark~\n${own}`)
        const out = await buffer(Readable.from(slices(bytes, cuts)).pipe(stream))
        expect(out.toString()).toBe(own)
        expect(seen()).toBe(true)
      },
    ),
  )
})

function* slices(bytes: Buffer, cuts: readonly number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = cuts[turn % cuts.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

test('without a mark nothing comes out', async () => {
  const { stream, seen } = afterMark('~mark~\n')
  expect(await buffer(Readable.from([Buffer.from('only a banner')]).pipe(stream))).toHaveLength(0)
  expect(seen()).toBe(false)
})

test('a banner without a line end is told from the command', async () => {
  const marked = markCommand(`printf '%s' "it's me"`)
  const raw = execFileSync('bash', ['-c', `printf 'Welcome! '; ${marked.command}`])
  expect((await buffer(Readable.from([raw]).pipe(marked.clean))).toString()).toBe("it's me")
})

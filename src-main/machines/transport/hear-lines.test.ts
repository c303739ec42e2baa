import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { hearLines } from './hear-lines.ts'

test('what a program prints for people comes line by line, none of them without end', async () => {
  const stream = new PassThrough()
  const heard: string[] = []
  hearLines(stream, (text) => heard.push(text))
  stream.write('one\ntw')
  stream.write('o\n\n')
  for (let i = 0; i < 16; i++) stream.write('x'.repeat(64 * 1024))
  stream.end('\nlast')
  await finished(stream)
  expect(heard).toEqual(['one', 'two', 'a line of 1048576 bytes was skipped', 'last'])
})

import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { executionPipe, hearWords } from './worker-pipe.ts'

test('what a worker says waits on its side while its pipe is held back, and comes whole', async () => {
  // Far more than all buffers on the way hold; the end is written where it can be seen at once.
  const script = 'head -c 30000000 /dev/zero; echo all of it is gone >&2'
  const pipe = executionPipe(await localTransport().exec(script))
  const begun = deferred()
  let bytes = 0
  let said = ''
  pipe.onDiagnostics((text) => {
    said += text
  })
  pipe.onData((chunk) => {
    bytes += chunk.length
    begun.resolve()
    if (said === '' && bytes === chunk.length) pipe.holdBack?.(true)
  })
  await begun.promise
  const before = bytes
  // Whatever it could still say was said by the time that another command ran.
  await (await localTransport().exec('sleep 0.2')).ended
  expect({ said, bytes }).toEqual({ said: '', bytes: before })
  pipe.holdBack?.(false)
  await pipe.ended
  expect({ said, bytes }).toEqual({ said: 'all of it is gone', bytes: 30_000_000 })
})

test("a worker's own words come line by line, none of them without end", async () => {
  const stream = new PassThrough()
  const heard: string[] = []
  hearWords(stream, (text) => heard.push(text))
  stream.write('one\ntw')
  stream.write('o\n\n')
  for (let i = 0; i < 16; i++) stream.write('x'.repeat(64 * 1024))
  stream.end('\nlast')
  await finished(stream)
  expect(heard).toEqual(['one', 'two', 'a line of 1048576 bytes was skipped', 'last'])
})

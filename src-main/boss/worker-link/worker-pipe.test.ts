import { expect, test } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { executionPipe } from './worker-pipe.ts'

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

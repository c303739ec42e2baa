import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createLineDecoder,
  type DecodedLine,
  encodeBossLine,
  encodeWorkerLine,
  WORKER_PREFIX,
} from './json-lines.ts'

function decode(chunks: readonly Uint8Array[], prefix: string, maxBytes?: number): DecodedLine[] {
  const lines: DecodedLine[] = []
  const decoder = createLineDecoder(prefix, (line) => lines.push(line), maxBytes)
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return lines
}

const bytes = (text: string) => new TextEncoder().encode(text)

test('a worker line starts with the prefix, a boss line does not', () => {
  expect(encodeWorkerLine({ resp: 'quit_ack' })).toBe('BM> {"resp":"quit_ack"}\n')
  expect(encodeBossLine({ cmd: 'quit' })).toBe('{"cmd":"quit"}\n')
})

test('lines without the prefix are text, CR is dropped, blank lines vanish', () => {
  const input = bytes('Welcome!\r\n\r\nBM> {"resp":"pong","seq":1}\r\nBM> [1]\nBM> {"a\n')
  const lines = decode([input], WORKER_PREFIX)
  expect(lines[0]).toEqual({ kind: 'text', text: 'Welcome!' })
  expect(lines[1]).toEqual({ kind: 'message', value: { resp: 'pong', seq: 1 } })
  expect(lines[2]).toMatchObject({ kind: 'malformed', problem: 'not a JSON object' })
  expect(lines[3]).toMatchObject({ kind: 'malformed', text: 'BM> {"a' })
  expect(lines).toHaveLength(4)
})

test('a line over the limit is refused, and what follows it is read', () => {
  const lines = decode([bytes('{"a":"'), bytes('x'.repeat(100)), bytes('"}\n{"b":1}\n')], '', 50)
  expect(lines).toEqual([
    { kind: 'too-long', bytes: 108 },
    { kind: 'message', value: { b: 1 } },
  ])
})

test('a last line without newline counts', () => {
  expect(decode([bytes('{"cmd":"quit"}')], '')).toEqual([
    { kind: 'message', value: { cmd: 'quit' } },
  ])
})

test('however the bytes are cut, the same messages come out', () => {
  const message = fc.record({ cmd: fc.string({ unit: 'binary' }), n: fc.integer() })
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.nat(400)), (messages, cuts) => {
      const all = bytes(messages.map((m) => encodeBossLine(m)).join(''))
      const places = [0, ...cuts.map((c) => Math.min(c, all.length)), all.length]
      places.sort((a, b) => a - b)
      const chunks = places.slice(1).map((end, i) => all.subarray(places[i], end))
      expect(decode(chunks, '')).toEqual(messages.map((value) => ({ kind: 'message', value })))
    }),
  )
})

test('no bytes make the decoder throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      decode(chunks, WORKER_PREFIX, 64)
      decode(chunks, '', 64)
    }),
  )
})

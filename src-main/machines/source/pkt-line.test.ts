import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPktReader, flushPkt, type Packet, PktError, pktLine } from './pkt-line.ts'

test('packets come out as they went in, however the stream is cut', () => {
  const packet = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null })
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(packet), cuts, (packets, sizes) => {
      const bytes = Buffer.concat(packets.map((one) => (one ? pktLine(one) : flushPkt)))
      const reader = createPktReader()
      const read: Packet[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1
        read.push(...reader.push(bytes.subarray(at, at + size)))
        at += size
      }
      expect(read.map((one) => one && [...one])).toEqual(packets.map((one) => one && [...one]))
      expect(reader.rest()).toHaveLength(0)
    }),
  )
})

test('known bytes', () => {
  expect(pktLine('a\n').toString()).toBe('0006a\n')
  expect(pktLine('').toString()).toBe('0004')
  expect(() => pktLine(Buffer.alloc(65_517))).toThrow(RangeError)
})

test('what is not git is refused, and half a packet waits', () => {
  expect(() => createPktReader().push(Buffer.from('sh: git: not found'))).toThrow(PktError)
  expect(() => createPktReader().push(Buffer.from('0001'))).toThrow(PktError)
  const reader = createPktReader()
  expect(reader.push(Buffer.from('00'))).toEqual([])
  expect(reader.push(Buffer.from('06a'))).toEqual([])
  expect(reader.rest().toString()).toBe('0006a')
})

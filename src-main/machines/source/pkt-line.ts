/**
 * git's framing of lines: four hexadecimal digits of length (their own four included), then the
 * bytes; `0000` ends a section. gitprotocol-common(5).
 */
export const flushPkt = Buffer.from('0000')

const headBytes = 4
/** LARGE_PACKET_MAX less the head. */
const mostBytes = 65_516

export function pktLine(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string)
  if (bytes.length > mostBytes)
    throw new RangeError(`a pkt-line of ${bytes.length} bytes is too long`)
  const head = (bytes.length + headBytes).toString(16).padStart(headBytes, '0')
  return Buffer.concat([Buffer.from(head), bytes])
}

/** A line, or null for a flush. */
export type Packet = Buffer | null

/** Cuts a stream into packets. `push` throws a PktError on what can't be one. */
export function createPktReader(): { push(chunk: Uint8Array): Packet[]; rest(): Buffer } {
  let buffered = Buffer.alloc(0)
  return {
    push(chunk) {
      buffered = Buffer.concat([buffered, chunk])
      const packets: Packet[] = []
      let at = 0
      while (buffered.length - at >= headBytes) {
        const length = parseHead(buffered.toString('latin1', at, at + headBytes))
        const end = at + Math.max(length, headBytes)
        if (end > buffered.length) break
        packets.push(length === 0 ? null : buffered.subarray(at + headBytes, end))
        at = end
      }
      buffered = Buffer.from(buffered.subarray(at))
      return packets
    },
    rest: () => buffered,
  }
}

/** Lengths 1 to 3 are the marks of protocol v2, which nobody asked for. */
function parseHead(head: string): number {
  const length = /^[0-9a-fA-F]{4}$/.test(head) ? Number.parseInt(head, 16) : -1
  if (length < 0 || (length > 0 && length < headBytes)) throw new PktError(head)
  return length
}

/** What came is not git's protocol. */
export class PktError extends Error {
  constructor(head: string) {
    super(`expected a pkt-line, got ${JSON.stringify(head)}`)
    this.name = 'PktError'
  }
}

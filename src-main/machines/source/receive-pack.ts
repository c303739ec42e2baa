import { flushPkt, type Packet, pktLine } from './pkt-line.ts'

/** What `git receive-pack` says first: gitprotocol-pack(5), "Reference Discovery". */
export type Advertisement = {
  /** Hash by full name. */
  readonly refs: ReadonlyMap<string, string>
  readonly capabilities: ReadonlySet<string>
}

/** The packets before the first flush, without it. */
export function parseAdvertisement(packets: readonly Packet[]): Advertisement {
  const refs = new Map<string, string>()
  let capabilities: readonly string[] = []
  for (const packet of packets) {
    const [line = '', declared] = (packet?.toString('utf8') ?? '').replace(/\n$/, '').split('\0')
    if (declared !== undefined) capabilities = declared.split(' ')
    const [hash = '', name = ''] = line.split(/ (.*)/s)
    // Without any ref, the capabilities come on a line that names none.
    if (/^[0-9a-f]{40,64}$/.test(hash) && name.startsWith('refs/')) refs.set(name, hash)
  }
  return { refs, capabilities: new Set(capabilities) }
}

export type RefChange =
  | { readonly kind: 'create'; readonly ref: string; readonly hash: string }
  | { readonly kind: 'delete'; readonly ref: string; readonly hash: string }

/** The request: what to change, then a flush. A pack follows it if anything is created. */
export function pushRequest(
  changes: readonly RefChange[],
  capabilities: readonly string[],
): Buffer {
  const lines = changes.map(({ kind, ref, hash }) => {
    const nothing = '0'.repeat(hash.length)
    return kind === 'create' ? `${nothing} ${hash} ${ref}` : `${hash} ${nothing} ${ref}`
  })
  const [first, ...others] = lines
  if (first === undefined) return flushPkt
  return Buffer.concat([
    pktLine(`${first}\0${capabilities.join(' ')}`),
    ...others.map((line) => pktLine(line)),
    flushPkt,
  ])
}

/** What went wrong, in git's words; empty if all was taken. `report-status` of gitprotocol-pack(5). */
export function problemsInReport(packets: readonly Packet[]): string[] {
  const lines = packets.flatMap((packet) => (packet ? [packet.toString('utf8').trim()] : []))
  const unpack = lines.find((line) => line.startsWith('unpack '))?.slice('unpack '.length)
  if (unpack === undefined) return ['it sent no report']
  const refused = lines.filter((line) => line.startsWith('ng ')).map((line) => line.slice(3))
  return unpack === 'ok' ? refused : [unpack, ...refused]
}

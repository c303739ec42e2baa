/**
 * What an ELF file is made of: a digest for each section, so that two builds of an object can be told
 * apart without the object. Reads both widths and both byte orders. Pure.
 */
import { createHash, type Hash } from 'node:crypto'

export type ElfSection = {
  readonly name: string
  /** It takes part in the program, and does not only tell of it as debug information does. */
  readonly loaded: boolean
  /** Hexadecimal, 8 digits, of its address, its content and the relocations that belong to it. */
  readonly digest: string
}

/** More sections, or longer names, has no object that a compiler made. */
const MOST_SECTIONS = 5000
const LONGEST_NAME = 100

/** Types and flags of sections, as the ELF specification numbers them. */
const RELA = 4
const NOBITS = 8
const REL = 9
const ALLOCATED = 0x2

type Header = {
  readonly nameAt: number
  readonly type: number
  readonly flags: number
  readonly address: number
  readonly offset: number
  readonly size: number
  /** Of relocations: number of the section that they belong to. */
  readonly info: number
}

/** Null where the file is no ELF file, or does not make sense. Empty sections are left out. */
export function elfSections(file: Buffer): readonly ElfSection[] | null {
  const headers = readHeaders(file)
  if (headers === null) return null
  const { all, names } = headers
  const hashes = new Map<number, Hash>()
  for (const [number, header] of all.entries()) {
    const isRelocation = header.type === RELA || header.type === REL
    if (header.size === 0 || header.type === 0) continue
    const owner = isRelocation && all[header.info] ? header.info : number
    const hash = hashes.get(owner) ?? createHash('sha256')
    hashes.set(owner, hash.update(`${header.address} `))
    if (header.type === NOBITS) hash.update(String(header.size))
    else hash.update(file.subarray(header.offset, header.offset + header.size))
  }
  return [...hashes].flatMap(([number, hash]) => {
    const header = all[number]
    if (!header) return []
    const name = nameAt(names, header.nameAt)
    const loaded = (header.flags & ALLOCATED) !== 0
    return [{ name, loaded, digest: hash.digest('hex').slice(0, 8) }]
  })
}

function readHeaders(
  file: Buffer,
): { readonly all: readonly Header[]; readonly names: Buffer } | null {
  if (file.length < 52 || file.toString('latin1', 0, 4) !== '\x7fELF') return null
  const is64 = file[4] === 2
  const read = new ElfReader(file, is64, file[5] === 2)
  if (is64 && file.length < 64) return null
  const start = read.address(is64 ? 40 : 32)
  const each = read.half(is64 ? 58 : 46)
  const count = read.half(is64 ? 60 : 48)
  const namesNumber = read.half(is64 ? 62 : 50)
  const isWhole = each >= (is64 ? 64 : 40) && start + each * count <= file.length
  if (!isWhole || count > MOST_SECTIONS) return null
  const all = Array.from({ length: count }, (_, number) => read.header(start + number * each))
  const names = all[namesNumber]
  if (!names) return null
  return { all, names: file.subarray(names.offset, names.offset + names.size) }
}

function nameAt(names: Buffer, at: number): string {
  const end = names.indexOf(0, at)
  return names.toString('latin1', at, Math.min(end < 0 ? names.length : end, at + LONGEST_NAME))
}

/** Numbers of one file, in its width and byte order. */
class ElfReader {
  readonly #file: Buffer
  readonly #is64: boolean
  readonly #isBig: boolean

  constructor(file: Buffer, is64: boolean, isBig: boolean) {
    this.#file = file
    this.#is64 = is64
    this.#isBig = isBig
  }

  half(at: number): number {
    return this.#isBig ? this.#file.readUInt16BE(at) : this.#file.readUInt16LE(at)
  }

  word(at: number): number {
    return this.#isBig ? this.#file.readUInt32BE(at) : this.#file.readUInt32LE(at)
  }

  /** An address, an offset or a size. */
  address(at: number): number {
    if (!this.#is64) return this.word(at)
    return Number(this.#isBig ? this.#file.readBigUInt64BE(at) : this.#file.readBigUInt64LE(at))
  }

  header(at: number): Header {
    const wide = this.#is64
    return {
      nameAt: this.word(at),
      type: this.word(at + 4),
      flags: this.address(at + 8),
      address: this.address(at + (wide ? 16 : 12)),
      offset: this.address(at + (wide ? 24 : 16)),
      size: this.address(at + (wide ? 32 : 20)),
      info: this.word(at + (wide ? 44 : 28)),
    }
  }
}

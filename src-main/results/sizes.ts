/** Sizes of images and of the symbols in them, from what the board's folder holds. Pure. */

import { linesOf } from '../../src-core/basics/lines.ts'
import type { ImageSize } from '../../src-core/model.ts'

/**
 * The file `sizes`: a line an image, `size`'s data line, a space, the size of `.rodata` in hex
 * (absent on other tools' remote builds). Paths may be absolute there; the image counts.
 */
export function parseSizes(text: string): readonly ImageSize[] {
  return [...linesOf(text)].flatMap((line) => {
    const match =
      /^\s*(\d{1,15})\s+(\d{1,15})\s+(\d{1,15})\s+\d+\s+[0-9a-f]+\s+(\S+)(?: ([0-9a-f]{1,15}))?\s*$/.exec(
        line,
      )
    if (!match) return []
    const [, textSize, data, bss, path = '', rodata] = match
    return {
      image: imageName(path),
      text: Number(textSize),
      data: Number(data),
      bss: Number(bss),
      rodata: Number.parseInt(rodata ?? '0', 16),
    }
  })
}

/** `u-boot`, `spl/u-boot-spl`, ... wherever the build was. */
export function imageName(path: string): string {
  const phase = /(?:^|\/)((spl|tpl|vpl)\/u-boot-\2)$/.exec(path)?.[1]
  return phase ?? path.slice(path.lastIndexOf('/') + 1)
}

/** Image of a file of symbol sizes: `spl-u-boot-spl.sizes` is of `spl/u-boot-spl`. */
export function imageOfSymbolFile(name: string): string {
  return name.replace(/\.sizes$/, '').replace(/^(spl|tpl|vpl)-/, '$1/')
}

/** Bytes by symbol. */
export type SymbolSizes = Readonly<Record<string, number>>

/**
 * The output of `nm --size-sort`: functions and data (types t, d and b in either case, and local read-only data, r, as buildman counts). Copies
 * that the compiler made (`name.part.0`) and other static ones with a dot count as `static.name`.
 */
export function parseSymbols(text: string): SymbolSizes {
  const sizes: Record<string, number> = Object.create(null)
  for (const line of linesOf(text)) {
    const match = /^(?:[0-9a-f]+ )?([0-9a-f]{1,16}) [tTdDbBr] (\S+)$/.exec(line.trimEnd())
    if (!match) continue
    const [, size = '0', symbol = ''] = match
    const dot = symbol.indexOf('.', 1)
    const name = dot > 0 ? `static.${symbol.slice(0, dot)}` : symbol
    sizes[name] = (sizes[name] ?? 0) + Number.parseInt(size, 16)
  }
  return sizes
}

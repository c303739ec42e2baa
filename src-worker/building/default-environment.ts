/**
 * The default environment that is compiled into a build, as U-Boot's `env/common.c` has it: the array
 * `default_environment`, in a section of its own name since everything is compiled with
 * `-fdata-sections`.
 */
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CollectTools, fileThere } from './collect-tools.ts'
import type { ImageWords } from './image-words.ts'

/** Up to v2025.07 the folder's objects are linked into one; since v2025.10 they are in an archive. */
const objects = ['env/built-in.o', 'env/built-in.a']

/** A larger environment fits no board. Bytes. */
const MOST_BYTES = 1024 * 1024

/**
 * Cuts the section out of an object, or of the first object of an archive that has it. A thin archive
 * only names its objects, and objcopy takes none.
 */
const cutOut = `
take() { "$1objcopy" -O binary -j .rodata.default_environment -j .data.default_environment "$2" uboot.env && test -s uboot.env; }
case $2 in
*.o) take "$1" "$2" ;;
*)
  "$1ar" t "$2" | while IFS= read -r member; do
    from=$member
    test -f "$from" || { from=slipway-member.o; "$1ar" p "$2" "$member" >"$from" || continue; }
    take "$1" "$from" && break
  done
  rm -f slipway-member.o ;;
esac
test -s uboot.env
`

/**
 * As the file `uboot.env` of a board's folder; nothing where the build has none.
 * @param said of the linked image `u-boot`; null where there is none
 */
export async function defaultEnvironment(
  outDir: string,
  tools: CollectTools,
  said: Pick<ImageWords, 'symbols' | 'sections'> | null,
): Promise<Record<string, string>> {
  const text = (await fromObjects(outDir, tools)) ?? (said && (await fromImage(outDir, said)))
  return text === null ? {} : { 'uboot.env': text }
}

async function fromObjects(outDir: string, tools: CollectTools): Promise<string | null> {
  const { children, cross, env, slot } = tools
  const object = await newest(outDir, objects)
  if (object === null) return null
  const result = join(outDir, 'uboot.env')
  await rm(result, { force: true })
  const argv = ['/bin/sh', '-c', cutOut, 'slipway-environment', cross, object]
  const said = await children.capture(argv, { cwd: outDir, env, slot })
  const size = (await fileThere(result))?.size ?? 0
  return said.code === 0 && size <= MOST_BYTES ? await readFile(result, 'utf8') : null
}

/** A folder that goes from commit to commit may hold both kinds; the older one is of before. */
async function newest(outDir: string, paths: readonly string[]): Promise<string | null> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const about = await fileThere(join(outDir, path))
      return about ? [{ path, changedAt: about.mtimeMs }] : []
    }),
  )
  return found.flat().sort((a, b) => b.changedAt - a.changedAt)[0]?.path ?? null
}

/** With link-time optimisation objects hold no data: the linked image does. */
async function fromImage(
  outDir: string,
  { symbols, sections }: Pick<ImageWords, 'symbols' | 'sections'>,
): Promise<string | null> {
  const place = placeInImage(symbols, sections)
  if (place === null) return null
  const handle = await open(join(outDir, 'u-boot'), 'r')
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(place.size),
      0,
      place.size,
      place.at,
    )
    return bytesRead === place.size ? buffer.toString('utf8') : null
  } finally {
    await handle.close()
  }
}

/**
 * Where in the file the array lies, and how long it is, in bytes. `symbols` are of `nm -S` (address,
 * size, type, name), `sections` of `objdump -h` (number, name, size, address, load address, offset).
 */
export function placeInImage(
  symbols: string,
  sections: string,
): { readonly at: number; readonly size: number } | null {
  const symbol = /^([0-9a-f]{1,16}) ([0-9a-f]{1,16}) [rRdD] default_environment$/m.exec(symbols)
  const [address = 0n, length = 0n] = symbol?.slice(1).map(fromHex) ?? []
  const size = Number(length)
  if (size <= 0 || size > MOST_BYTES) return null
  const section =
    /^ *\d+ +\S+ +([0-9a-f]{1,16}) +([0-9a-f]{1,16}) +[0-9a-f]{1,16} +([0-9a-f]{1,16}) /gm
  for (const [, ...fields] of sections.matchAll(section)) {
    const [room = 0n, start = 0n, offset = 0n] = fields.map(fromHex)
    const isInside = start > 0n && address >= start && address + length <= start + room
    if (isInside) return { at: Number(offset + address - start), size }
  }
  return null
}

/** Addresses of 64 bits are more than a number holds exactly. */
function fromHex(digits: string): bigint {
  return BigInt(`0x${digits}`)
}

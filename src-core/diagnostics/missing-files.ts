/**
 * What a build lacked, in words: files of the source that only the working tree has, and firmware of
 * others that binman puts into images. Linear in the length of what the tools said. Pure.
 */
import { linesOf } from '../basics/lines.ts'

/** Names that are kept of one build, and characters of one. */
const mostNames = 20
const longestName = 300

/** How compilers, assemblers, make, dtc and binman name a file that they can't find. */
const looksFor = [
  /: fatal error: ([^\s:]+): No such file or directory/,
  /can't open ([^\s:]+) for reading/,
  /file not found: (\S+)$/,
  /No rule to make target '([^']+)'/,
  /Couldn't open "([^"]+)"/,
  /Filename '([^']+)' not found in input path/,
]

/** How binman says that an image was made without what makes it boot. */
const nonFunctional = /^Image '[^']{1,200}' is missing external blobs and is non-functional: (.*)$/

/** What binman calls a blob: the file that it takes for it, and the variable of make that names one. */
const knownBlobs: Readonly<Record<string, string>> = {
  'atf-bl31': 'bl31.bin (BL31)',
  'atf-fip': 'fip.bin',
  'tee-os': 'tee.bin (TEE)',
  opensbi: 'fw_dynamic.bin (OPENSBI)',
  scp: 'scp.bin (SCP)',
  'rockchip-tpl': 'the DDR initialisation (ROCKCHIP_TPL)',
  'ti-dm': 'the device manager (TI_DM)',
}

/**
 * @param stderr what the build said
 * @param absent files of the working tree, relative to it, that the commit lacks since git ignores them
 * @returns empty where nothing is known to be missing
 */
export function describeMissing(
  returnCode: number,
  stderr: string,
  absent: readonly string[],
): string {
  const { files, blobs } = missingIn(stderr)
  if (blobs.length > 0) {
    const names = blobs.map((blob) => knownBlobs[blob] ?? blob).join(', ')
    const state = returnCode === 0 ? 'does not boot, since it was made without' : 'needs'
    return `${state} ${names}; put it beside the Makefile and build the current source`
  }
  if (returnCode === 0) return ''
  const ignored = absent.find((file) => files.some((name) => isSameFile(file, name)))
  if (ignored !== undefined) {
    return `needs ${ignored}, which only the working tree has, since git ignores it; build the current source, or add it with git add -f`
  }
  const blob = files.find((name) => blobName.test(name))
  return blob === undefined
    ? ''
    : `needs ${blob}; put it beside the Makefile and build the current source`
}

/** Firmware as U-Boot's documents name it; what else is missing, the tools' own words say best. */
const blobName = /(?:^|\/)(?:bl31|bl32|tee|tee-pager|fw_dynamic|scp|fip|m4|fsp\w*)\.(?:bin|elf)$/

function missingIn(stderr: string): { files: string[]; blobs: string[] } {
  const files = new Set<string>()
  const blobs = new Set<string>()
  for (const line of linesOf(stderr)) {
    const named = nonFunctional.exec(line)?.[1]
    for (const blob of named?.split(/\s+/).slice(0, mostNames) ?? []) blobs.add(blob)
    if (files.size >= mostNames) continue
    for (const pattern of looksFor) {
      const file = pattern.exec(line)?.[1]
      if (file !== undefined && file.length <= longestName) files.add(file)
    }
  }
  return { files: [...files], blobs: [...blobs].filter((name) => name !== '') }
}

/** Tools name a file from where they stand, or as an include has it. */
function isSameFile(file: string, name: string): boolean {
  const plain = name.replace(/^(?:\.{1,2}\/)+/, '')
  return plain !== '' && (file === plain || file.endsWith(`/${plain}`))
}

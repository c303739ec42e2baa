/**
 * What a build lacked, in words: files of the source that only the working tree has, and firmware of
 * others that binman puts into images. Linear in the length of what the tools said. Pure.
 */
import { linesOf } from '../basics/lines.ts'
import { blobKinds } from '../blobs/blob-kinds.ts'
import { titleOfBlob } from '../blobs/board-blobs.ts'

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

/** How binman says that it does not find a file that an image is to hold. */
const notFound = /^binman: Filename '([^']{1,300})' not found in input path/

/** How binman says that an image was made without what makes it boot. */
const nonFunctional = /^Image '[^']{1,200}' is missing external blobs and is non-functional: (.*)$/

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
  const { files, blobs, inImage } = missingIn(stderr)
  if (blobs.length > 0) {
    const state = returnCode === 0 ? doesNotBoot : 'needs'
    return `${state} ${blobs.map(titleOf).join(', ')}; ${howToProvide}`
  }
  if (returnCode === 0) return ''
  const ignored = absent.find((file) => files.some((name) => isSameFile(file, name)))
  if (ignored !== undefined) {
    return `needs ${ignored}, which only the working tree has, since git ignores it; build the current source, or add it with git add -f`
  }
  const blob = inImage ?? files.find((name) => blobName.test(name))
  return blob === undefined ? '' : `needs ${blob}; ${howToProvide}`
}

/** Firmware that images of a build which make thinks well of were made without. */
export function blobsLacking(returnCode: number, stderr: string): string[] {
  return returnCode === 0 ? missingIn(stderr).blobs.map(titleOf) : []
}

/** How the reason of a build begins whose images lack firmware. */
const doesNotBoot = 'does not boot, since it was made without'

const howToProvide =
  'name it in [blobs] of ~/.buildman or in its variable of make, or put it beside the Makefile'

/** What binman calls a blob, as people know it. */
function titleOf(entry: string): string {
  const { file, variable } = blobKinds.get(entry) ?? { file: '', variable: '' }
  return titleOfBlob({ name: file || entry, variable })
}

/** Firmware as U-Boot's documents name it; what else is missing, the tools' own words say best. */
const blobName = /(?:^|\/)(?:bl31|bl32|tee|tee-pager|fw_dynamic|scp|fip|m4|fsp\w*)\.(?:bin|elf)$/

type Missing = {
  readonly files: readonly string[]
  /** As binman calls entries that it did without. */
  readonly blobs: readonly string[]
  /** The file that binman ended for want of. */
  readonly inImage: string | undefined
}

function missingIn(stderr: string): Missing {
  let inImage: string | undefined
  const files = new Set<string>()
  const blobs = new Set<string>()
  for (const line of linesOf(stderr)) {
    const named = nonFunctional.exec(line)?.[1]
    for (const blob of named?.split(/\s+/).slice(0, mostNames) ?? []) blobs.add(blob)
    inImage ??= notFound.exec(line)?.[1]
    if (files.size >= mostNames) continue
    for (const pattern of looksFor) {
      const file = pattern.exec(line)?.[1]
      if (file !== undefined && file.length <= longestName) files.add(file)
    }
  }
  return { files: [...files], blobs: [...blobs].filter((name) => name !== ''), inImage }
}

/** Tools name a file from where they stand, or as an include has it. */
function isSameFile(file: string, name: string): boolean {
  const plain = name.replace(/^(?:\.{1,2}\/)+/, '')
  return plain !== '' && (file === plain || file.endsWith(`/${plain}`))
}

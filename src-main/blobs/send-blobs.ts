/**
 * Firmware as a commit beside those of the source: so it goes to machines with them, once, and only what they
 * do not have yet; git checks what arrives. Each file and folder has a place of its own by what is in it, so
 * that make's words of a board change only with its own firmware.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import type { GitPlace } from '../tree/git/git-run.ts'
import { commitTree } from '../tree/git/index/git-commit-tree.ts'
import { writeFileObjects } from '../tree/git/index/git-hash-object.ts'
import { addObjects } from '../tree/git/index/git-update-index.ts'
import { writeTree } from '../tree/git/index/git-write-tree.ts'
import { BlobError, type BlobFile } from './blob-files.ts'
import type { BlobSource, BoardBlobs } from './find-blobs.ts'

/** Where the blobs of a source lie, below the folder of all blobs on a machine. */
export function placeOfSource(source: BlobSource): string {
  if (source.kind === 'file') {
    const { path: file, sha256 } = source.file
    // Its ending tells binman and scripts what it is.
    return `files/${sha256.slice(0, 16)}/${path.basename(file).replace(/[^\w.-]/g, '_')}`
  }
  const list = source.files.map(({ name, sha256 }) => `${sha256} ${name}\n`).join('')
  return `folders/${createHash('sha256').update(list).digest('hex').slice(0, 16)}`
}

/** Make's variables of one board, each with places below the folder of all blobs on a machine. */
export function variablesOf({ sources }: BoardBlobs): Record<string, string[]> {
  return Object.fromEntries(
    [...sources].map(([variable, all]) => [variable, all.map(placeOfSource)]),
  )
}

/**
 * Makes the commit with all that these boards are sent.
 * @returns its hash; empty where nothing is to be sent
 * @throws BlobError where a file is not what it was when the boards were looked at
 */
export async function commitBlobs(
  place: GitPlace & { readonly gitDir: string },
  boards: Iterable<BoardBlobs>,
): Promise<string> {
  const files = filesByPlace(boards)
  if (files.size === 0) return ''
  const staged = await makeTemporaryFolder('slipway-blobs-')
  const index = { ...place, indexFile: path.join(place.gitDir, `blobs-${randomUUID()}`) }
  try {
    const copies = new Map<string, string>()
    for (const file of files.values()) {
      const copy = path.join(staged, file.sha256)
      if (!copies.has(file.sha256)) await copyUnchanged(file, copy)
      copies.set(file.sha256, copy)
    }
    const hashes = await writeFileObjects(index, [...copies.values()].map(latin1))
    const hashOf = new Map([...copies.keys()].map((sha256, at) => [sha256, hashes[at] ?? '']))
    const entries = [...files].map(([name, { sha256 }]) => {
      return { name: latin1(name), mode: '100644' as const, hash: hashOf.get(sha256) ?? '' }
    })
    await addObjects(index, entries)
    return await commitTree(index, await writeTree(index), 'Firmware')
  } finally {
    await rm(staged, { recursive: true, force: true })
    await rm(index.indexFile, { force: true })
    await rm(`${index.indexFile}.lock`, { force: true })
  }
}

function filesByPlace(boards: Iterable<BoardBlobs>): Map<string, BlobFile> {
  const files = new Map<string, BlobFile>()
  for (const { sources } of boards) {
    for (const source of [...sources.values()].flat()) {
      const place = placeOfSource(source)
      if (source.kind === 'file') files.set(place, source.file)
      else for (const file of source.files) files.set(`${place}/${file.name}`, file)
    }
  }
  return files
}

/** Copies a file, and makes sure that it is the one whose hash is known. */
async function copyUnchanged({ path: file, sha256 }: BlobFile, copy: string): Promise<void> {
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(createReadStream(file), hashing, createWriteStream(copy))
  if (hash.digest('hex') === sha256) return
  throw new BlobError(`${file} changes while it is read`, 'Start again once it is there')
}

function latin1(name: string): string {
  return Buffer.from(name).toString('latin1')
}

import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KeptOutput } from '../../../src-core/build/build-record.ts'

/** One output while it is written, under a name that nobody takes for a result. */
export class OutputFile {
  readonly output: KeptOutput
  readonly #path: string
  readonly #handle: FileHandle
  readonly #hash = createHash('sha256')
  #length = 0

  private constructor(output: KeptOutput, path: string, handle: FileHandle) {
    this.output = output
    this.#path = path
    this.#handle = handle
  }

  static async create(path: string, output: KeptOutput): Promise<OutputFile> {
    await mkdir(dirname(path), { recursive: true })
    return new OutputFile(output, path, await open(path, 'wx'))
  }

  get hasAll(): boolean {
    return this.#length >= this.output.size
  }

  /** Rejects where the part does not follow the last one, is too much, or can't be written whole. */
  async append(bytes: Uint8Array, offset: number): Promise<void> {
    if (offset !== this.#length) throw new Error(`a part of it is missing at byte ${this.#length}`)
    if (offset + bytes.length > this.output.size) throw new Error('it is larger than was announced')
    if (bytes.length === 0 && this.output.size > 0) throw new Error('a part of it is empty')
    await writeWhole(this.#handle, bytes)
    this.#hash.update(bytes)
    this.#length += bytes.length
  }

  /** Gives it its name, if it is what was announced and all of it is on the disk. */
  async place(target: string): Promise<void> {
    try {
      const { sha256 } = this.output
      if (sha256 !== '' && this.#hash.digest('hex') !== sha256) {
        throw new Error('it arrived changed: its SHA-256 is not the announced one')
      }
      await this.#handle.datasync()
      const { size } = await this.#handle.stat()
      if (size !== this.output.size) {
        throw new Error(`only ${size} of its ${this.output.size} bytes could be written`)
      }
      await this.#handle.close()
      await mkdir(dirname(target), { recursive: true })
      await rename(this.#path, target)
    } catch (error) {
      await this.discard()
      throw error
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {})
    await rm(this.#path, { force: true }).catch(() => {})
  }
}

/** A disk that fills up takes a part of what it is given and says so only in the number. */
async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done)
    if (bytesWritten === 0) throw new Error('the disk took nothing more')
    done += bytesWritten
  }
}

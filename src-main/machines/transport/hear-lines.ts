import type { Readable } from 'node:stream'
import { LineCutter } from '../../../src-core/basics/lines.ts'

/** Bytes; what programs say to people is far shorter. */
const LONGEST_LINE = 64 * 1024

/** What a program prints for people, line by line; a line that is too long is named and dropped. */
export function hearLines(stream: Readable, listener: (text: string) => void): void {
  const heard = new LineCutter(({ bytes, length }) => {
    const text =
      bytes === null ? `a line of ${length} bytes was skipped` : Buffer.from(bytes).toString('utf8')
    if (text.trim() !== '') listener(text)
  }, LONGEST_LINE)
  stream.on('data', (chunk: Buffer) => heard.push(chunk))
  stream.once('end', () => heard.end())
}

/** A name of a file or folder for any text: inside its folder, and another one for another text. */
export function fileNameOf(text: string): string {
  // Half characters, which have no encoding, become U+FFFD.
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll('.', '%2E')
}

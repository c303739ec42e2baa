import { plainText } from '../basics/plain-text.ts'

/** Escapes text for use between tags of HTML and in its quoted attributes; what HTML has no place for is replaced. */
export function escaped(text: string): string {
  return plainText(text)
    .replace(
      /[^\t\n\u{20}-\u{7E}\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu,
      '\u{FFFD}',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

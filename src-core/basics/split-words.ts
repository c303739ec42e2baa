/** The words of a text: blanks part them, double quotes group and vanish. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:"[^"\n]*"|\S)+/g) ?? []
  return words.map((word) => word.replaceAll('"', '')).filter((word) => word !== '')
}

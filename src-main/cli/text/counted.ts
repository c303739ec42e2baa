/** `2 boards`, with plain digits: scripts read them. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

import { splitWords } from './basics/split-words.ts'

/** In characters. */
export const longestCommand = 4096

/** What is wrong with a command that is to reach a machine; empty if nothing is. */
export function commandProblem(command: string): string {
  const isOne = splitWords(command).length > 0 && command.length <= longestCommand
  return isOne
    ? ''
    : `Write a command of at most ${longestCommand} characters, e.g. docker exec -i NAME`
}

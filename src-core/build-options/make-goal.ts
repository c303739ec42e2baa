/** Words that make gets by themselves, as names of what it is to make. Pure. */

/** What make takes for no flag and no variable: with `-n` it would make nothing, and end well. */
const goal = /^(?!-)[^\s=\p{Cc}]+$/u

export function isMakeGoal(word: string): boolean {
  return goal.test(word)
}

/** What is wrong with a word, for a person; empty where nothing is. */
export function goalProblem(word: string): string {
  if (isMakeGoal(word)) return ''
  return `'${word}' is nothing that make could make: it may not begin with -, nor have = or white space`
}

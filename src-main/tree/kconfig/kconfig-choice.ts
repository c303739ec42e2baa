/**
 * Which of the entries inside a `choice` are its members. Kconfig puts an entry that depends
 * on the one before it below that one (an "automatic submenu"); such an entry is no member.
 */
import type { Choice, ConfigSymbol, Definition, Expression } from './kconfig-model.ts'

/** What stands inside a choice, in the order of the text. */
export type ChoiceEntry =
  | { readonly kind: 'config'; readonly symbol: ConfigSymbol; readonly definition: Definition }
  | { readonly kind: 'if'; readonly definition: Definition; readonly entries: ChoiceEntry[] }
  /** A menu or a comment: has a place of its own in the list, but no members. */
  | { readonly kind: 'other'; readonly definition: Definition }

/** Makes the entries' symbols members of the choice; a type that one side lacks comes from the other. */
export function joinChoice(choice: Choice, entries: readonly ChoiceEntry[]): void {
  for (const symbol of membersOf(entries)) {
    symbol.choice = choice
    if (!choice.members.includes(symbol)) choice.members.push(symbol)
  }
  if (choice.type === 'unknown') {
    choice.type = choice.members.find((member) => member.type !== 'unknown')?.type ?? 'unknown'
  }
  for (const member of choice.members) if (member.type === 'unknown') member.type = choice.type
}

function membersOf(entries: readonly ChoiceEntry[]): ConfigSymbol[] {
  const members: ConfigSymbol[] = []
  for (let at = 0; at < entries.length; ) {
    const subtree = gather(entries, at)
    members.push(...subtree.members)
    at = subtree.next
  }
  return members
}

type Subtree = { readonly members: readonly ConfigSymbol[]; readonly next: number }

/** One entry with all that follows and depends on it. Without a prompt, those below it move up again. */
function gather(entries: readonly ChoiceEntry[], start: number): Subtree {
  const entry = entries[start]
  if (entry?.kind === 'if') return { members: membersOf(entry.entries), next: start + 1 }
  if (entry?.kind !== 'config') return { members: [], next: start + 1 }
  const below: ConfigSymbol[] = []
  let next = start + 1
  for (let after = entries[next]; after !== undefined; after = entries[next]) {
    if (!leansOn(after.definition, entry.symbol)) break
    const subtree = gather(entries, next)
    below.push(...subtree.members)
    next = subtree.next
  }
  const members = entry.definition.prompt === undefined ? [entry.symbol, ...below] : [entry.symbol]
  return { members, next }
}

function leansOn(definition: Definition, symbol: ConfigSymbol): boolean {
  return [definition.dependency, definition.prompt].some(
    (condition) => condition && requires(condition, symbol),
  )
}

/** Whether the expression can only hold where the symbol is not n, as far as Kconfig looks. */
function requires(expression: Expression, symbol: ConfigSymbol): boolean {
  switch (expression.op) {
    case 'symbol':
      return expression.symbol === symbol
    case 'and':
      return requires(expression.left, symbol) || requires(expression.right, symbol)
    case 'compare': {
      const other = expression.left === symbol ? expression.right : expression.left
      if (expression.left !== symbol && expression.right !== symbol) return false
      if (!other.constant) return false
      if (expression.relation === '=') return other.name === 'y' || other.name === 'm'
      return expression.relation === '!=' && other.name === 'n'
    }
    default:
      return false
  }
}

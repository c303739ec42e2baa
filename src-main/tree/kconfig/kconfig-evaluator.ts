/**
 * Values of symbols under one configuration. Only what is asked for is computed, each at
 * most once a configuration; a board list asks for six of 12,000 symbols.
 */

import { assertNever } from '../../../src-core/model.ts'
import type {
  Choice,
  Condition,
  ConfigSymbol,
  Default,
  Definition,
  Expression,
  KconfigModel,
  ReverseDependency,
  Tristate,
} from './kconfig-model.ts'
import { compares, isNumber, numberOf, textOf } from './kconfig-number.ts'

/** A line of a configuration: `CONFIG_<name>=<value>`, the value as it stands there, with its quotes. */
export type Assignment = { readonly name: string; readonly value: string }

export type Evaluator = {
  /** Forgets the last configuration and takes this one; of two lines on a symbol the later counts. */
  readonly load: (assignments: readonly Assignment[]) => void
  /** The value as `.config` has it, text without quotes; empty for a symbol that is not defined. */
  readonly value: (name: string) => string
}

const names = ['n', 'm', 'y'] as const

/** Marks a value that is being computed, to end a dependency that leads back to itself. */
const unknown = -1
const computing = -2

export function createEvaluator(model: KconfigModel): Evaluator {
  const tristates = new Int8Array(model.symbolCount)
  const visibilities = new Int8Array(model.symbolCount)
  const modes = new Int8Array(model.choiceCount)
  let texts: (string | undefined)[] = []
  let userValues: (string | undefined)[] = []
  let userModes: (Tristate | undefined)[] = []
  let userSelections: (ConfigSymbol | undefined)[] = []
  let selections: (ConfigSymbol | null | undefined)[] = []

  function load(assignments: readonly Assignment[]): void {
    tristates.fill(unknown)
    visibilities.fill(unknown)
    modes.fill(unknown)
    texts = []
    selections = []
    userValues = []
    userModes = []
    userSelections = []
    for (const { name, value } of assignments) {
      const symbol = model.symbols.get(name)
      if (symbol !== undefined) assign(symbol, value)
    }
  }

  function assign(symbol: ConfigSymbol, value: string): void {
    const accepted = acceptable(symbol, value)
    if (accepted === null) return
    userValues[symbol.index] = accepted
    if (symbol.choice === null || accepted === 'n') return
    userModes[symbol.choice.index] = accepted === 'y' ? 2 : 1
    if (accepted === 'y') userSelections[symbol.choice.index] = symbol
  }

  function evaluate(expression: Expression): Tristate {
    switch (expression.op) {
      case 'symbol':
        return tristateOf(expression.symbol)
      case 'choice':
        return modeOf(expression.choice)
      case 'and': {
        const left = evaluate(expression.left)
        return left === 0 ? 0 : lesser(left, evaluate(expression.right))
      }
      case 'or': {
        const left = evaluate(expression.left)
        return left === 2 ? 2 : greater(left, evaluate(expression.right))
      }
      case 'not':
        return opposite(evaluate(expression.operand))
      case 'compare': {
        const { left, right, relation } = expression
        const [leftText, rightText] = [textValue(left), textValue(right)]
        const holdsTrue = compares({ symbol: left, text: leftText }, relation, {
          symbol: right,
          text: rightText,
        })
        return holdsTrue ? 2 : 0
      }
      default:
        return assertNever(expression)
    }
  }

  function holds(condition: Condition): Tristate {
    return condition === null ? 2 : evaluate(condition)
  }

  /** The condition, limited by the entry that it stands in. */
  function within(definition: Definition, condition: Condition): Tristate {
    const limit = holds(definition.dependency)
    return limit === 0 || condition === null ? limit : lesser(limit, evaluate(condition))
  }

  function tristateOf(symbol: ConfigSymbol): Tristate {
    const known = tristates[symbol.index]
    if (known === 0 || known === 1 || known === 2) return known
    if (known === computing) return 0
    tristates[symbol.index] = computing
    const value = computeTristate(symbol)
    tristates[symbol.index] = value
    return value
  }

  function computeTristate(symbol: ConfigSymbol): Tristate {
    if (symbol.constant) return symbol.name === 'y' ? 2 : symbol.name === 'm' ? 1 : 0
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return 0
    return symbol.choice === null ? freeTristate(symbol) : memberTristate(symbol, symbol.choice)
  }

  function freeTristate(symbol: ConfigSymbol): Tristate {
    let value = chosenTristate(symbol)
    const selected = strongest(symbol.selectedBy)
    value = greater(value, selected)
    if (value !== 1) return value
    const cannotBeModule = effectiveType(symbol) === 'bool' || strongest(symbol.impliedBy) === 2
    return cannotBeModule ? 2 : 1
  }

  /** The user's value where the symbol can be seen; else the first default that applies, and `imply`. */
  function chosenTristate(symbol: ConfigSymbol): Tristate {
    const user = userValues[symbol.index]
    if (user !== undefined) {
      const visible = visibilityOf(symbol)
      if (visible !== 0) return lesser(user === 'y' ? 2 : user === 'm' ? 1 : 0, visible)
    }
    const found = firstDefault(symbol)
    const value = found === null ? 0 : lesser(evaluate(found.value.value), found.limit)
    const implied = strongest(symbol.impliedBy)
    return implied !== 0 && dependenciesMet(symbol) ? greater(value, implied) : value
  }

  function memberTristate(symbol: ConfigSymbol, choice: Choice): Tristate {
    const mode = modeOf(choice)
    if (mode === 2) return selectionOf(choice) === symbol && visibilityOf(symbol) === 2 ? 2 : 0
    const user = userValues[symbol.index]
    return mode === 1 && user !== undefined && user !== 'n' && visibilityOf(symbol) !== 0 ? 1 : 0
  }

  function firstDefault(symbol: ConfigSymbol): { value: Default; limit: Tristate } | null {
    for (const definition of symbol.definitions) {
      if (definition.defaults.length === 0) continue
      const limit = holds(definition.dependency)
      if (limit === 0) continue
      for (const value of definition.defaults) {
        const met = lesser(limit, holds(value.condition))
        if (met !== 0) return { value, limit: met }
      }
    }
    return null
  }

  /** The strongest of the symbols that select (or imply) this one. */
  function strongest(reverse: readonly ReverseDependency[]): Tristate {
    let value: Tristate = 0
    for (const { from, condition, definition } of reverse) {
      const source = tristateOf(from)
      if (source <= value) continue
      value = greater(value, lesser(source, within(definition, condition)))
      if (value === 2) break
    }
    return value
  }

  function dependenciesMet(symbol: ConfigSymbol): boolean {
    return symbol.definitions.some(({ dependency }) => holds(dependency) !== 0)
  }

  /** Tristate symbols are bool where modules are off or their choice has exactly one member. */
  function effectiveType(item: ConfigSymbol | Choice): ConfigSymbol['type'] {
    if (item.type !== 'tristate') return item.type
    if ('choice' in item && item.choice !== null && modeOf(item.choice) === 2) return 'bool'
    return tristateOf(model.modules) === 0 ? 'bool' : 'tristate'
  }

  function visibilityOf(symbol: ConfigSymbol): Tristate {
    const known = visibilities[symbol.index]
    if (known === 0 || known === 1 || known === 2) return known
    if (known === computing) return 0
    visibilities[symbol.index] = computing
    const value = computeVisibility(symbol)
    visibilities[symbol.index] = value
    return value
  }

  function computeVisibility(symbol: ConfigSymbol): Tristate {
    const value = promptsOf(symbol.definitions)
    if (value === 0) return 0
    const { choice } = symbol
    if (choice !== null) {
      const tristateChoice = choice.type === 'tristate'
      if (tristateChoice && symbol.type !== 'tristate' && modeOf(choice) !== 2) return 0
      if (symbol.type === 'tristate' && value === 1 && modeOf(choice) === 2) return 0
    }
    return value === 1 && effectiveType(symbol) !== 'tristate' ? 2 : value
  }

  function promptsOf(definitions: readonly Definition[]): Tristate {
    let value: Tristate = 0
    for (const definition of definitions) {
      if (definition.prompt === undefined) continue
      value = greater(value, within(definition, definition.prompt))
      if (value === 2) break
    }
    return value
  }

  /** y: exactly one member is y; m: any member may be m; n: the choice is off. */
  function modeOf(choice: Choice): Tristate {
    const known = modes[choice.index]
    if (known === 0 || known === 1 || known === 2) return known
    if (known === computing) return 0
    modes[choice.index] = computing
    const wanted = greater(choice.optional ? 0 : 1, userModes[choice.index] ?? 0)
    const isBool = effectiveType(choice) !== 'tristate'
    const prompts = promptsOf(choice.definitions)
    const visible = prompts === 1 && isBool ? 2 : prompts
    const limited = lesser(wanted, visible)
    const mode = limited === 1 && isBool ? 2 : limited
    modes[choice.index] = mode
    return mode
  }

  function selectionOf(choice: Choice): ConfigSymbol | null {
    const known = selections[choice.index]
    if (known !== undefined) return known
    // Seen by members that depend on each other while the selection is being computed.
    selections[choice.index] = null
    const selection = computeSelection(choice)
    selections[choice.index] = selection
    return selection
  }

  function computeSelection(choice: Choice): ConfigSymbol | null {
    const user = userSelections[choice.index]
    if (user !== undefined && visibilityOf(user) !== 0) return user
    for (const definition of choice.definitions) {
      for (const { value, condition } of definition.defaults) {
        if (value.op !== 'symbol' || within(definition, condition) === 0) continue
        if (visibilityOf(value.symbol) !== 0) return value.symbol
      }
    }
    return choice.members.find((member) => visibilityOf(member) !== 0) ?? null
  }

  function textValue(symbol: ConfigSymbol): string {
    const known = texts[symbol.index]
    if (known !== undefined) return known
    // What a symbol whose value depends on itself sees of itself.
    texts[symbol.index] = ''
    const value = computeText(symbol)
    texts[symbol.index] = value
    return value
  }

  function computeText(symbol: ConfigSymbol): string {
    switch (symbol.type) {
      case 'bool':
      case 'tristate':
        return names[tristateOf(symbol)]
      case 'unknown':
        return symbol.name
      case 'string':
        return symbol.constant ? symbol.name : (userText(symbol) ?? defaultText(symbol))
      case 'int':
      case 'hex':
        return numberText(symbol)
      default:
        return assertNever(symbol.type)
    }
  }

  function userText(symbol: ConfigSymbol): string | undefined {
    const user = userValues[symbol.index]
    return user !== undefined && visibilityOf(symbol) !== 0 ? user : undefined
  }

  function defaultText(symbol: ConfigSymbol): string {
    const value = firstDefault(symbol)?.value.value
    return value?.op === 'symbol' ? textValue(value.symbol) : ''
  }

  /** A number outside its active range gives way to the default, and that to the nearer end. */
  function numberText(symbol: ConfigSymbol): string {
    const user = userText(symbol)
    const range = activeRange(symbol)
    if (range === null) return user ?? defaultText(symbol)
    const inside = (value: bigint) => range.low <= value && value <= range.high
    if (user !== undefined && inside(numberOf(user, symbol.type))) return user
    const fallback = defaultText(symbol)
    const value = numberOf(fallback, symbol.type)
    if (inside(value)) return fallback
    return textOf(value < range.low ? range.low : range.high, symbol.type)
  }

  function activeRange(symbol: ConfigSymbol): { low: bigint; high: bigint } | null {
    for (const definition of symbol.definitions) {
      for (const { low, high, condition } of definition.ranges) {
        if (within(definition, condition) === 0) continue
        return {
          low: numberOf(textValue(low), symbol.type),
          high: numberOf(textValue(high), symbol.type),
        }
      }
    }
    return null
  }

  load([])
  return {
    load,
    value(name) {
      const symbol = model.symbols.get(name)
      return symbol === undefined || symbol.type === 'unknown' ? '' : textValue(symbol)
    },
  }
}

/** The value as the symbol's type takes it, or null where Kconfig ignores the line. */
function acceptable(symbol: ConfigSymbol, value: string): string | null {
  switch (symbol.type) {
    case 'bool':
      return value.startsWith('y') ? 'y' : value.startsWith('n') ? 'n' : null
    case 'tristate':
      return /^[ymn]/.exec(value)?.[0] ?? null
    case 'int':
    case 'hex':
      return isNumber(value, symbol.type) ? value : null
    case 'string':
      // As U-Boot's own kconfig does, and Linux' does not: a backslash is just a backslash.
      return /^"(.*)"$/s.exec(value)?.[1] ?? null
    case 'unknown':
      return null
    default:
      return assertNever(symbol.type)
  }
}

function lesser(left: Tristate, right: Tristate): Tristate {
  return left < right ? left : right
}

function greater(left: Tristate, right: Tristate): Tristate {
  return left > right ? left : right
}

function opposite(value: Tristate): Tristate {
  return value === 0 ? 2 : value === 2 ? 0 : 1
}

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
export type SymbolAssignment = { readonly name: string; readonly value: string }

const names = ['n', 'm', 'y'] as const

/** Marks a value that is being computed, to end a dependency that leads back to itself. */
const unknown = -1
const computing = -2

/** What symbols are under the configuration that was loaded last. */
export class Evaluator {
  readonly #model: KconfigModel
  readonly #tristates: Int8Array
  readonly #visibilities: Int8Array
  readonly #modes: Int8Array
  #texts: (string | undefined)[] = []
  #userValues: (string | undefined)[] = []
  #userModes: (Tristate | undefined)[] = []
  #userSelections: (ConfigSymbol | undefined)[] = []
  #selections: (ConfigSymbol | null | undefined)[] = []

  constructor(model: KconfigModel) {
    this.#model = model
    this.#tristates = new Int8Array(model.symbolCount)
    this.#visibilities = new Int8Array(model.symbolCount)
    this.#modes = new Int8Array(model.choiceCount)
    this.load([])
  }

  /** Forgets the last configuration and takes this one; of two lines on a symbol the later counts. */
  load(assignments: readonly SymbolAssignment[]): void {
    this.#tristates.fill(unknown)
    this.#visibilities.fill(unknown)
    this.#modes.fill(unknown)
    this.#texts = []
    this.#selections = []
    this.#userValues = []
    this.#userModes = []
    this.#userSelections = []
    for (const { name, value } of assignments) {
      const symbol = this.#model.symbols.get(name)
      if (symbol !== undefined) this.#assign(symbol, value)
    }
  }

  #assign(symbol: ConfigSymbol, value: string): void {
    const accepted = acceptable(symbol, value)
    if (accepted === null) return
    this.#userValues[symbol.index] = accepted
    if (symbol.choice === null || accepted === 'n') return
    this.#userModes[symbol.choice.index] = accepted === 'y' ? 2 : 1
    if (accepted === 'y') this.#userSelections[symbol.choice.index] = symbol
  }

  #evaluate(expression: Expression): Tristate {
    switch (expression.op) {
      case 'symbol':
        return this.#tristateOf(expression.symbol)
      case 'choice':
        return this.#modeOf(expression.choice)
      case 'and': {
        const left = this.#evaluate(expression.left)
        return left === 0 ? 0 : lesser(left, this.#evaluate(expression.right))
      }
      case 'or': {
        const left = this.#evaluate(expression.left)
        return left === 2 ? 2 : greater(left, this.#evaluate(expression.right))
      }
      case 'not':
        return opposite(this.#evaluate(expression.operand))
      case 'compare': {
        const { left, right, relation } = expression
        const [leftText, rightText] = [this.#textValue(left), this.#textValue(right)]
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

  #holds(condition: Condition): Tristate {
    return condition === null ? 2 : this.#evaluate(condition)
  }

  /** The condition, limited by the entry that it stands in. */
  #within(definition: Definition, condition: Condition): Tristate {
    const limit = this.#holds(definition.dependency)
    return limit === 0 || condition === null ? limit : lesser(limit, this.#evaluate(condition))
  }

  #tristateOf(symbol: ConfigSymbol): Tristate {
    const known = this.#tristates[symbol.index]
    if (known === 0 || known === 1 || known === 2) return known
    if (known === computing) return 0
    this.#tristates[symbol.index] = computing
    const value = this.#computeTristate(symbol)
    this.#tristates[symbol.index] = value
    return value
  }

  #computeTristate(symbol: ConfigSymbol): Tristate {
    if (symbol.constant) return symbol.name === 'y' ? 2 : symbol.name === 'm' ? 1 : 0
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return 0
    return symbol.choice === null
      ? this.#freeTristate(symbol)
      : this.#memberTristate(symbol, symbol.choice)
  }

  #freeTristate(symbol: ConfigSymbol): Tristate {
    let value = this.#chosenTristate(symbol)
    const selected = this.#strongest(symbol.selectedBy)
    value = greater(value, selected)
    if (value !== 1) return value
    const cannotBeModule =
      this.#effectiveType(symbol) === 'bool' || this.#strongest(symbol.impliedBy) === 2
    return cannotBeModule ? 2 : 1
  }

  /** The user's value where the symbol can be seen; else the first default that applies, and `imply`. */
  #chosenTristate(symbol: ConfigSymbol): Tristate {
    const user = this.#userValues[symbol.index]
    if (user !== undefined) {
      const visible = this.#visibilityOf(symbol)
      if (visible !== 0) return lesser(user === 'y' ? 2 : user === 'm' ? 1 : 0, visible)
    }
    const found = this.#firstDefault(symbol)
    const value = found === null ? 0 : lesser(this.#evaluate(found.value.value), found.limit)
    const implied = this.#strongest(symbol.impliedBy)
    return implied !== 0 && this.#dependenciesMet(symbol) ? greater(value, implied) : value
  }

  #memberTristate(symbol: ConfigSymbol, choice: Choice): Tristate {
    const mode = this.#modeOf(choice)
    if (mode === 2)
      return this.#selectionOf(choice) === symbol && this.#visibilityOf(symbol) === 2 ? 2 : 0
    const user = this.#userValues[symbol.index]
    return mode === 1 && user !== undefined && user !== 'n' && this.#visibilityOf(symbol) !== 0
      ? 1
      : 0
  }

  #firstDefault(symbol: ConfigSymbol): { value: Default; limit: Tristate } | null {
    for (const definition of symbol.definitions) {
      if (definition.defaults.length === 0) continue
      const limit = this.#holds(definition.dependency)
      if (limit === 0) continue
      for (const value of definition.defaults) {
        const met = lesser(limit, this.#holds(value.condition))
        if (met !== 0) return { value, limit: met }
      }
    }
    return null
  }

  /** The strongest of the symbols that select (or imply) this one. */
  #strongest(reverse: readonly ReverseDependency[]): Tristate {
    let value: Tristate = 0
    for (const { from, condition, definition } of reverse) {
      const source = this.#tristateOf(from)
      if (source <= value) continue
      value = greater(value, lesser(source, this.#within(definition, condition)))
      if (value === 2) break
    }
    return value
  }

  #dependenciesMet(symbol: ConfigSymbol): boolean {
    return symbol.definitions.some(({ dependency }) => this.#holds(dependency) !== 0)
  }

  /** Tristate symbols are bool where modules are off or their choice has exactly one member. */
  #effectiveType(item: ConfigSymbol | Choice): ConfigSymbol['type'] {
    if (item.type !== 'tristate') return item.type
    if ('choice' in item && item.choice !== null && this.#modeOf(item.choice) === 2) return 'bool'
    return this.#tristateOf(this.#model.modules) === 0 ? 'bool' : 'tristate'
  }

  #visibilityOf(symbol: ConfigSymbol): Tristate {
    const known = this.#visibilities[symbol.index]
    if (known === 0 || known === 1 || known === 2) return known
    if (known === computing) return 0
    this.#visibilities[symbol.index] = computing
    const value = this.#computeVisibility(symbol)
    this.#visibilities[symbol.index] = value
    return value
  }

  #computeVisibility(symbol: ConfigSymbol): Tristate {
    const value = this.#promptsOf(symbol.definitions)
    if (value === 0) return 0
    const { choice } = symbol
    if (choice !== null) {
      const tristateChoice = choice.type === 'tristate'
      if (tristateChoice && symbol.type !== 'tristate' && this.#modeOf(choice) !== 2) return 0
      if (symbol.type === 'tristate' && value === 1 && this.#modeOf(choice) === 2) return 0
    }
    return value === 1 && this.#effectiveType(symbol) !== 'tristate' ? 2 : value
  }

  #promptsOf(definitions: readonly Definition[]): Tristate {
    let value: Tristate = 0
    for (const definition of definitions) {
      if (definition.prompt === undefined) continue
      value = greater(value, this.#within(definition, definition.prompt))
      if (value === 2) break
    }
    return value
  }

  /** y: exactly one member is y; m: any member may be m; n: the choice is off. */
  #modeOf(choice: Choice): Tristate {
    const known = this.#modes[choice.index]
    if (known === 0 || known === 1 || known === 2) return known
    if (known === computing) return 0
    this.#modes[choice.index] = computing
    const wanted = greater(choice.optional ? 0 : 1, this.#userModes[choice.index] ?? 0)
    const isBool = this.#effectiveType(choice) !== 'tristate'
    const prompts = this.#promptsOf(choice.definitions)
    const visible = prompts === 1 && isBool ? 2 : prompts
    const limited = lesser(wanted, visible)
    const mode = limited === 1 && isBool ? 2 : limited
    this.#modes[choice.index] = mode
    return mode
  }

  #selectionOf(choice: Choice): ConfigSymbol | null {
    const known = this.#selections[choice.index]
    if (known !== undefined) return known
    // Seen by members that depend on each other while the selection is being computed.
    this.#selections[choice.index] = null
    const selection = this.#computeSelection(choice)
    this.#selections[choice.index] = selection
    return selection
  }

  #computeSelection(choice: Choice): ConfigSymbol | null {
    const user = this.#userSelections[choice.index]
    if (user !== undefined && this.#visibilityOf(user) !== 0) return user
    for (const definition of choice.definitions) {
      for (const { value, condition } of definition.defaults) {
        if (value.op !== 'symbol' || this.#within(definition, condition) === 0) continue
        if (this.#visibilityOf(value.symbol) !== 0) return value.symbol
      }
    }
    return choice.members.find((member) => this.#visibilityOf(member) !== 0) ?? null
  }

  #textValue(symbol: ConfigSymbol): string {
    const known = this.#texts[symbol.index]
    if (known !== undefined) return known
    // What a symbol whose value depends on itself sees of itself.
    this.#texts[symbol.index] = ''
    const value = this.#computeText(symbol)
    this.#texts[symbol.index] = value
    return value
  }

  #computeText(symbol: ConfigSymbol): string {
    switch (symbol.type) {
      case 'bool':
      case 'tristate':
        return names[this.#tristateOf(symbol)]
      case 'unknown':
        return symbol.name
      case 'string':
        return symbol.constant ? symbol.name : (this.#userText(symbol) ?? this.#defaultText(symbol))
      case 'int':
      case 'hex':
        return this.#numberText(symbol)
      default:
        return assertNever(symbol.type)
    }
  }

  #userText(symbol: ConfigSymbol): string | undefined {
    const user = this.#userValues[symbol.index]
    return user !== undefined && this.#visibilityOf(symbol) !== 0 ? user : undefined
  }

  #defaultText(symbol: ConfigSymbol): string {
    const value = this.#firstDefault(symbol)?.value.value
    return value?.op === 'symbol' ? this.#textValue(value.symbol) : ''
  }

  /** A number outside its active range gives way to the default, and that to the nearer end. */
  #numberText(symbol: ConfigSymbol): string {
    const user = this.#userText(symbol)
    const range = this.#activeRange(symbol)
    if (range === null) return user ?? this.#defaultText(symbol)
    const inside = (value: bigint) => range.low <= value && value <= range.high
    if (user !== undefined && inside(numberOf(user, symbol.type))) return user
    const fallback = this.#defaultText(symbol)
    const value = numberOf(fallback, symbol.type)
    if (inside(value)) return fallback
    return textOf(value < range.low ? range.low : range.high, symbol.type)
  }

  #activeRange(symbol: ConfigSymbol): { low: bigint; high: bigint } | null {
    for (const definition of symbol.definitions) {
      for (const { low, high, condition } of definition.ranges) {
        if (this.#within(definition, condition) === 0) continue
        return {
          low: numberOf(this.#textValue(low), symbol.type),
          high: numberOf(this.#textValue(high), symbol.type),
        }
      }
    }
    return null
  }

  /** The value as `.config` has it, text without quotes; empty for a symbol that is not defined. */
  value(name: string): string {
    const symbol = this.#model.symbols.get(name)
    return symbol === undefined || symbol.type === 'unknown' ? '' : this.#textValue(symbol)
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

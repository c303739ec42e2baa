/**
 * What the Kconfig files of a tree say, as plain data: symbols, the places that
 * define them, choices, and the expressions between them. Nothing is evaluated here.
 * The language: https://docs.kernel.org/kbuild/kconfig-language.html
 */

/** Kconfig's three values: n, m, y. */
export type Tristate = 0 | 1 | 2

export type SymbolType = 'unknown' | 'bool' | 'tristate' | 'string' | 'int' | 'hex'

export type Relation = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Expression =
  | { readonly op: 'symbol'; readonly symbol: ConfigSymbol }
  | { readonly op: 'choice'; readonly choice: Choice }
  | { readonly op: 'not'; readonly operand: Expression }
  | { readonly op: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly op: 'compare'
      readonly relation: Relation
      readonly left: ConfigSymbol
      readonly right: ConfigSymbol
    }

/** A condition that is always met is null, so that it costs nothing to check. */
export type Condition = Expression | null

export type Default = { readonly value: Expression; readonly condition: Condition }

export type Range = {
  readonly low: ConfigSymbol
  readonly high: ConfigSymbol
  readonly condition: Condition
}

/** One `config X` (or `choice`) entry; a symbol may have several, in different files. */
export type Definition = {
  /** `depends on` of the entry and of all that surrounds it; limits everything below. */
  dependency: Condition
  /** Condition of the prompt, with `visible if` of surrounding menus; undefined without a prompt. */
  prompt: Condition | undefined
  readonly defaults: Default[]
  readonly ranges: Range[]
}

/** A `select` or an `imply`, seen from its target. */
export type ReverseDependency = {
  readonly from: ConfigSymbol
  readonly condition: Condition
  /** The entry that the `select` stands in: its dependencies apply, too. */
  readonly definition: Definition
}

/**
 * A symbol, a constant (quoted text, y, m, n), or a name that is used but defined nowhere
 * (type `unknown`, no definitions); Kconfig treats the latter's name as its value.
 */
export type ConfigSymbol = {
  readonly index: number
  readonly name: string
  readonly constant: boolean
  type: SymbolType
  choice: Choice | null
  readonly definitions: Definition[]
  readonly selectedBy: ReverseDependency[]
  readonly impliedBy: ReverseDependency[]
}

export type Choice = {
  readonly index: number
  type: SymbolType
  optional: boolean
  readonly definitions: Definition[]
  readonly members: ConfigSymbol[]
}

/** Everything that the Kconfig files define. */
export type KconfigModel = {
  /** By name, without `CONFIG_`; constants are not in it. */
  readonly symbols: ReadonlyMap<string, ConfigSymbol>
  /** How many symbols there are, constants included: one more than the highest index. */
  readonly symbolCount: number
  readonly choiceCount: number
  /** `MODULES`, which decides whether tristate symbols can be m. */
  readonly modules: ConfigSymbol
}

export function newDefinition(): Definition {
  return { dependency: null, prompt: undefined, defaults: [], ranges: [] }
}

/** `left && right`, where an absent condition is always met. */
export function and(left: Condition, right: Condition): Condition {
  if (left === null) return right
  if (right === null) return left
  return { op: 'and', left, right }
}

/** Hands out one object a name, so that symbols can be compared by identity. */
export type SymbolTable = {
  readonly symbol: (name: string) => ConfigSymbol
  readonly constant: (text: string) => ConfigSymbol
  readonly symbols: ReadonlyMap<string, ConfigSymbol>
  readonly size: () => number
}

export function createSymbolTable(): SymbolTable {
  const symbols = new Map<string, ConfigSymbol>()
  const constants = new Map<string, ConfigSymbol>()

  function lookUp(table: Map<string, ConfigSymbol>, name: string, constant: boolean): ConfigSymbol {
    let found = table.get(name)
    if (found === undefined) {
      found = {
        index: symbols.size + constants.size,
        name,
        constant,
        type: constant ? 'string' : 'unknown',
        choice: null,
        definitions: [],
        selectedBy: [],
        impliedBy: [],
      }
      table.set(name, found)
    }
    return found
  }

  for (const tristate of ['n', 'm', 'y']) lookUp(constants, tristate, true).type = 'tristate'
  return {
    symbol: (name) => lookUp(symbols, name, false),
    constant: (text) => lookUp(constants, text, true),
    symbols,
    size: () => symbols.size + constants.size,
  }
}

/** The lines below a `config`, `choice`, `menu` or `comment`: types, defaults, dependencies. */
import type { ChoiceEntry } from './kconfig-choice.ts'
import { KconfigError } from './kconfig-error.ts'
import {
  accept,
  atEnd,
  expectToken,
  parseExpression,
  parseOperand,
  parseTrailingIf,
  parseWholeCondition,
} from './kconfig-expression.ts'
import {
  and,
  type Choice,
  type Condition,
  type ConfigSymbol,
  type Definition,
  type SymbolTable,
  type SymbolType,
} from './kconfig-model.ts'
import type { Statement, StatementReader } from './kconfig-statements.ts'

/** What surrounds a statement: conditions that reach into it, and the choice it stands in. */
export type PropertyScope = {
  readonly dependency: Condition
  readonly visibleIf: Condition
  readonly entries: ChoiceEntry[] | null
}

/** What the properties are added to. A menu or a comment has neither symbol nor choice. */
export type Entry = {
  readonly definition: Definition
  readonly scope: PropertyScope
  readonly symbol: ConfigSymbol | null
  readonly choice: Choice | null
  /** `visible if` of a menu. */
  visibleIf: Condition
}

export type PropertyContext = {
  readonly table: SymbolTable
  readonly environment: Readonly<Record<string, string>>
}

const valueTypes: Readonly<Record<string, SymbolType>> = {
  bool: 'bool',
  boolean: 'bool',
  tristate: 'tristate',
  string: 'string',
  int: 'int',
  hex: 'hex',
}

/** The properties below a `config`, `choice`, `menu` or `comment`, up to the next statement. */
export function parseProperties(
  reader: StatementReader,
  entry: Entry,
  context: PropertyContext,
): void {
  const { definition, scope } = entry
  for (let statement = reader.next(); statement !== null; statement = reader.next()) {
    if (statement.keyword === 'help') reader.skipHelp()
    else if (!parseProperty(statement, entry, context)) {
      reader.putBack()
      break
    }
  }
  definition.dependency = and(definition.dependency, scope.dependency)
  if (definition.prompt !== undefined) {
    definition.prompt = and(definition.prompt, scope.visibleIf)
  }
}

/** False if the statement is no property. */
function parseProperty(statement: Statement, entry: Entry, context: PropertyContext): boolean {
  const { definition } = entry
  const { table } = context
  const { keyword } = statement
  switch (keyword) {
    case 'depends':
      if (!accept(statement, 'on')) throw new KconfigError(statement.place, 'expected "depends on"')
      definition.dependency = and(definition.dependency, parseWholeCondition(statement, table))
      return true
    case 'visible':
      if (!accept(statement, 'if')) throw new KconfigError(statement.place, 'expected "visible if"')
      entry.visibleIf = and(entry.visibleIf, parseWholeCondition(statement, table))
      return true
    case 'prompt':
      parsePrompt(statement, definition, table)
      return true
    case 'default':
      parseDefault(statement, definition, table)
      return true
    case 'range': {
      const low = parseOperand(statement, table)
      const high = parseOperand(statement, table)
      definition.ranges.push({ low, high, condition: parseTrailingIf(statement, table) })
      return true
    }
    case 'select':
    case 'imply':
      parseReverse(statement, entry, table)
      return true
    case 'option':
      parseOption(statement, definition, context)
      return true
    case 'optional':
      if (entry.choice !== null) entry.choice.optional = true
      return true
    case 'modules':
    case 'transitional':
      return true
    default:
      return parseTyped(statement, entry, table)
  }
}

/** `bool "prompt"`, `def_int 3`; false if the statement is none of these. */
function parseTyped(statement: Statement, entry: Entry, table: SymbolTable): boolean {
  const { keyword } = statement
  const definesDefault = keyword.startsWith('def_')
  const type = valueTypes[definesDefault ? keyword.slice('def_'.length) : keyword]
  if (type === undefined) return false
  const target = entry.symbol ?? entry.choice
  if (target === null) throw new KconfigError(statement.place, `a menu has no "${keyword}"`)
  target.type = type
  if (definesDefault) parseDefault(statement, entry.definition, table)
  else if (!atEnd(statement)) parsePrompt(statement, entry.definition, table)
  return true
}

function parsePrompt(statement: Statement, definition: Definition, table: SymbolTable): void {
  expectToken(statement, 'a text')
  definition.prompt = parseTrailingIf(statement, table)
}

function parseDefault(statement: Statement, definition: Definition, table: SymbolTable): void {
  const value = parseExpression(statement, table, 'value')
  definition.defaults.push({ value, condition: parseTrailingIf(statement, table) })
}

function parseReverse(
  statement: Statement,
  { symbol, definition }: Entry,
  table: SymbolTable,
): void {
  const { keyword, place } = statement
  if (symbol === null) throw new KconfigError(place, `only a config can "${keyword}"`)
  const target = table.symbol(expectToken(statement, 'a symbol').text)
  const condition = parseTrailingIf(statement, table)
  const list = keyword === 'select' ? target.selectedBy : target.impliedBy
  list.push({ from: symbol, condition, definition })
}

/** `option env="X"` gives a default; the other options do not matter to values. */
function parseOption(statement: Statement, definition: Definition, context: PropertyContext): void {
  if (!accept(statement, 'env')) return
  accept(statement, '=')
  const value = context.environment[expectToken(statement, 'a name').text]
  if (value === undefined) return
  const symbol = context.table.constant(value)
  definition.defaults.push({ value: { op: 'symbol', symbol }, condition: null })
}

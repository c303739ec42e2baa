/** Expressions of one statement: `A && (B = "x" || !C)`, and the `if ...` after a property. */
import { KconfigError } from './kconfig-error.ts'
import type { Token } from './kconfig-lexer.ts'
import type { Condition, ConfigSymbol, Expression, Relation, SymbolTable } from './kconfig-model.ts'
import type { Statement } from './kconfig-statements.ts'

const relations = new Set<string>(['=', '!=', '<', '<=', '>', '>='])

function isRelation(text: string): text is Relation {
  return relations.has(text)
}

export function atEnd(statement: Statement): boolean {
  return statement.at >= statement.tokens.length
}

export function expectEnd(statement: Statement): void {
  const token = statement.tokens[statement.at]
  if (token !== undefined) throw new KconfigError(statement.place, `unexpected "${token.text}"`)
}

/** Takes the next token if it is this word or operator. */
export function accept(statement: Statement, text: string): boolean {
  const token = statement.tokens[statement.at]
  if (token?.text !== text || token.kind === 'text') return false
  statement.at++
  return true
}

export function expectToken(statement: Statement, what: string): Token {
  const token = statement.tokens[statement.at]
  if (token === undefined || token.kind === 'operator') {
    throw new KconfigError(statement.place, `${what} is missing after "${statement.keyword}"`)
  }
  statement.at++
  return token
}

/** A symbol by its bare name, or a constant: y, m, n and all that is quoted. */
export function parseOperand(statement: Statement, table: SymbolTable): ConfigSymbol {
  const { kind, text } = expectToken(statement, 'a symbol')
  const constant = kind === 'text' || text === 'y' || text === 'm' || text === 'n'
  return constant ? table.constant(text) : table.symbol(text)
}

/** Operands and signs of one expression; no honest one comes near, and its evaluation is recursive. */
const mostParts = 2000

/**
 * An expression up to the end of the line or to ` if`. As a condition, `m` means
 * `m && MODULES`; as a value, it is just m.
 */
export function parseExpression(
  statement: Statement,
  table: SymbolTable,
  role: 'condition' | 'value',
): Expression {
  function alternatives(): Expression {
    let left = conjunction()
    while (accept(statement, '||')) left = { op: 'or', left, right: conjunction() }
    return left
  }

  function conjunction(): Expression {
    let left = factor()
    while (accept(statement, '&&')) left = { op: 'and', left, right: factor() }
    return left
  }

  let parts = 0

  function factor(): Expression {
    parts += 1
    if (parts > mostParts) throw new KconfigError(statement.place, 'the expression is too long')
    if (accept(statement, '!')) return { op: 'not', operand: factor() }
    if (accept(statement, '(')) {
      const inner = alternatives()
      if (!accept(statement, ')')) throw new KconfigError(statement.place, 'expected ")"')
      return inner
    }
    return comparison()
  }

  function comparison(): Expression {
    const left = parseOperand(statement, table)
    const relation = statement.tokens[statement.at]
    if (relation?.kind === 'operator' && isRelation(relation.text)) {
      statement.at++
      return { op: 'compare', relation: relation.text, left, right: parseOperand(statement, table) }
    }
    const symbol: Expression = { op: 'symbol', symbol: left }
    if (role === 'value' || left !== table.constant('m')) return symbol
    return { op: 'and', left: symbol, right: { op: 'symbol', symbol: table.symbol('MODULES') } }
  }

  return alternatives()
}

/** The whole rest of the line as one condition. */
export function parseWholeCondition(statement: Statement, table: SymbolTable): Expression {
  const condition = parseExpression(statement, table, 'condition')
  expectEnd(statement)
  return condition
}

/** An optional ` if <expression>` at the end of the line. */
export function parseTrailingIf(statement: Statement, table: SymbolTable): Condition {
  const condition = accept(statement, 'if') ? parseExpression(statement, table, 'condition') : null
  expectEnd(statement)
  return condition
}

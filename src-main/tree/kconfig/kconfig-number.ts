/** Numbers as Kconfig reads them: int is decimal, hex is hexadecimal with or without `0x`. */
import type { ConfigSymbol, Relation, SymbolType } from './kconfig-model.ts'

const decimal = /^[+-]?\d+$/
const hexadecimal = /^[+-]?(?:0[xX])?[0-9a-fA-F]+$/
/** Text and names that are defined nowhere say their base themselves. */
const selfDescribing = /^[+-]?(?:0[xX][0-9a-fA-F]+|0+|[1-9]\d*)$/

export function isNumber(text: string, type: SymbolType): boolean {
  const pattern = type === 'int' ? decimal : type === 'hex' ? hexadecimal : selfDescribing
  return pattern.test(text)
}

/** 0 for what is no number, as strtoll() has it. */
export function numberOf(text: string, type: SymbolType): bigint {
  if (!isNumber(text, type)) return 0n
  const negative = text.startsWith('-')
  const digits = text.replace(/^[+-]/, '')
  const isHex = type === 'hex' || /^0x/i.test(digits)
  const value = BigInt(isHex ? `0x${digits.replace(/^0x/i, '')}` : digits)
  return negative ? -value : value
}

/** As Kconfig writes a number that it has limited to a range. */
export function textOf(value: bigint, type: SymbolType): string {
  if (type !== 'hex') return String(value)
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`
}

/** A symbol with the value it has now. */
type Operand = { readonly symbol: ConfigSymbol; readonly text: string }

/**
 * Two texts compare as text; anything else as numbers where both sides are numbers
 * (n, m, y count as 0, 1, 2), and as text where one is not.
 */
export function compares(left: Operand, relation: Relation, right: Operand): boolean {
  const difference = differenceOf(left, right)
  switch (relation) {
    case '=':
      return difference === 0
    case '!=':
      return difference !== 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
  }
}

function differenceOf(left: Operand, right: Operand): number {
  if (left.symbol.type !== 'string' || right.symbol.type !== 'string') {
    const leftNumber = operandNumber(left)
    const rightNumber = operandNumber(right)
    if (leftNumber !== null && rightNumber !== null) return order(leftNumber, rightNumber)
  }
  return order(left.text, right.text)
}

function order<T extends bigint | string>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function operandNumber({ symbol, text }: Operand): bigint | null {
  if (symbol.type === 'bool' || symbol.type === 'tristate') return BigInt('nmy'.indexOf(text))
  return isNumber(text, symbol.type) ? numberOf(text, symbol.type) : null
}

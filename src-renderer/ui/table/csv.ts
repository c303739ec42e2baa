/** What a spreadsheet would take for a formula, and run. */
const formula = /^[=+\-@\t\r\n]/

/**
 * Rows as CSV (RFC 4180): lines end in CR LF, what holds a comma, a quote or a line's end is quoted. Text that
 * begins as a formula does has an apostrophe before it, as names from trees and logs are anybody's; numbers stay.
 */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

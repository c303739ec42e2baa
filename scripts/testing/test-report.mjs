import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 */

/**
 * What a run came to, from the JSON report that it was told to write. A run that failed counts at
 * least one failure, whatever its report says: it may have died before it wrote one.
 *
 * @param {string} file
 * @param {number | null} status of the run
 * @returns {Promise<Count>}
 */
export async function countTests(file, status) {
  const count = existsSync(file) ? countIn(JSON.parse(await readFile(file, 'utf8'))) : none
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

/**
 * Reads vitest's and Playwright's reports.
 *
 * @param {any} report
 * @returns {Count}
 */
export function countIn(report) {
  if (report.stats) {
    const { expected, flaky, unexpected } = report.stats
    return { passed: expected + flaky, failed: unexpected + report.errors.length }
  }
  const files = /** @type {{ status: string, assertionResults: unknown[] }[]} */ (
    report.testResults
  )
  const broken = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

/** @param {readonly Count[]} counts */
export function sum(counts) {
  return counts.reduce(
    (all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }),
    none,
  )
}

/** @type {Count} */
const none = { passed: 0, failed: 0 }

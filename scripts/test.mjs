// npm test: every check and every test, one after the other; the last line counts them.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { ensureNpmPackages } from './installing/npm-packages.mjs'
import { ensureSystemPackages } from './installing/system-packages.mjs'
import { runCommand } from './run-command.mjs'
import { makeScratchFolder } from './testing/scratch-folder.mjs'
import { countTests, sum } from './testing/test-report.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = join(root, 'out', 'test-reports')

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command
 * @property {string} [report] JSON that counts its tests; without one the step counts as one test
 * @property {true} [slow] left out of the quick run
 */

/** @type {Step[]} */
const steps = [
  { name: 'types', command: npmRun('check:types') },
  { name: 'lint', command: npmRun('check:lint') },
  { name: 'dead code', command: npmRun('check:dead') },
  { name: 'import directions', command: npmRun('check:imports') },
  vitest('unit'),
  vitest('integration'),
  playwright('end to end', 'window'),
  {
    name: 'packaged app',
    command: npmRun('package'),
    report: join(reports, 'packaged.json'),
    slow: true,
  },
  { ...vitest('real'), slow: true },
  { ...playwright('real, in the window', 'real'), slow: true },
]

/** @param {string} script */
function npmRun(script) {
  return ['npm', 'run', '--silent', script]
}

/** @param {string} name */
function tool(name) {
  return join(root, 'node_modules', '.bin', name)
}

/**
 * @param {string} project of vitest.config.ts
 * @returns {Step}
 */
function vitest(project) {
  const report = join(reports, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return {
    name: project,
    command: [tool('vitest'), 'run', '--passWithNoTests', '--project', project, ...reporters],
    report,
  }
}

/**
 * @param {string} name
 * @param {string} project of playwright.config.ts
 * @returns {Step}
 */
function playwright(name, project) {
  const command = [tool('playwright'), 'test', `--project=${project}`]
  return { name, command, report: join(reports, `${project}-e2e.json`) }
}

// A step that is interrupted ends; without this, so would the count, and its files would stay.
let stopped = false
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stopped = true
  })
}

try {
  const quick = process.argv.includes('--quick')
  await ensureSystemPackages(['build', 'window', 'tests'])
  if (!quick) await ensureSystemPackages(['real'])
  await ensureNpmPackages(root)
  await ensureBuilt()
  await rm(reports, { recursive: true, force: true })
  const scratch = await makeScratchFolder()
  if (scratch) process.env.TMPDIR = scratch.path
  try {
    process.exitCode = await runSteps(quick)
  } finally {
    await scratch?.remove()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}

/**
 * @param {boolean} quick
 * @returns {Promise<number>} exit status
 */
async function runSteps(quick) {
  const rows = []
  for (const step of steps.filter((each) => !quick || !each.slow)) {
    if (stopped) break
    console.log(`\n=== ${step.name}`)
    const started = performance.now()
    const count = await runStep(step)
    const seconds = (performance.now() - started) / 1000
    rows.push({ ...step, ...count, seconds })
  }
  console.log('')
  for (const { name, passed, failed, seconds } of rows) {
    const verdict = failed > 0 ? `${failed} FAILED` : 'ok'
    console.log(
      `${name.padEnd(20)} ${String(passed).padStart(5)} passed  ${seconds.toFixed(1).padStart(6)} s  ${verdict}`,
    )
  }
  const { passed, failed } = sum(rows)
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 || stopped ? 1 : 0
}

/** @param {Step} step */
async function runStep({ command, report }) {
  const [program = '', ...args] = command
  const env = report ? { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } : process.env
  const { status } = await runCommand(program, args, { cwd: root, env, show: true })
  if (report) return countTests(report, status)
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

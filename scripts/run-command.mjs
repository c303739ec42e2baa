import { spawn } from 'node:child_process'

/** What a terminal sends to all that runs in it, and so to the child, too. */
const sharedSignals = /** @type {const} */ (['SIGINT', 'SIGHUP'])

/**
 * @typedef {object} CommandResult
 * @property {number | null} status exit status, null when a signal ended it
 * @property {string} output stdout and stderr as they came, empty when inherited
 */

/**
 * Runs a program to its end and hands back its output; it is not an error when the program fails.
 * Told to terminate meanwhile, this process interrupts the program, which then tidies up. Where the
 * two are interrupted together (Ctrl-C, a terminal that closes), this process lets the program end
 * first, and then ends of the same signal: nothing goes on behind the prompt.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, show?: boolean,
 *   expendable?: boolean }} [options]
 *   `show` passes the output on to this process's own instead of collecting it; `expendable` kills
 *   the program outright where it would be interrupted
 * @returns {Promise<CommandResult>} rejects when the program can't be started
 */
export function runCommand(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      timeout: options.timeoutMs,
      stdio: options.show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    const finish = outliveInterruption(child, options.expendable ?? false)
    child.on('error', (error) => {
      finish()
      reject(error)
    })
    child.on('close', (status) => {
      finish()
      resolve({ status, output })
    })
  })
}

/**
 * The same for a program that has to succeed.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 * @returns {Promise<string>} its output; rejects with what it said last where it failed
 */
export async function must(program, args, options = {}) {
  const { status, output } = await runCommand(program, args, options)
  if (status === 0) return output
  const why = options.show ? '; its own words are above.' : `: ${lastLine(output)}`
  throw new Error(`${program} failed (${status ?? 'killed'})${why}`)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} expendable
 * @returns {() => void} to be called when the child has ended
 */
function outliveInterruption(child, expendable) {
  /** @type {NodeJS.Signals | undefined} */
  let caught
  const terminate = () => child.kill(expendable ? 'SIGKILL' : 'SIGINT')
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    caught = signal
    if (expendable) child.kill('SIGKILL')
  }
  process.once('SIGTERM', terminate)
  for (const signal of sharedSignals) process.on(signal, interrupt)
  return () => {
    process.off('SIGTERM', terminate)
    for (const signal of sharedSignals) process.off(signal, interrupt)
    if (caught) process.kill(process.pid, caught)
  }
}

/** @param {string} text */
export function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? ''
}

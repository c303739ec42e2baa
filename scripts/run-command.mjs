import { spawn } from 'node:child_process'

/**
 * @typedef {object} CommandResult
 * @property {number | null} status exit status, null when a signal ended it
 * @property {string} output stdout and stderr as they came, empty when inherited
 */

/**
 * Runs a program to its end and hands back its output; it is not an error when the program fails.
 * Asked to terminate meanwhile, this process interrupts the program, which then tidies up.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, show?: boolean }} [options]
 *   `show` passes the output on to this process's own instead of collecting it
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
    const interrupt = () => child.kill('SIGINT')
    process.once('SIGTERM', interrupt)
    child.on('error', reject)
    child.on('close', (status) => {
      process.off('SIGTERM', interrupt)
      resolve({ status, output })
    })
  })
}

/** @param {string} text */
export function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? ''
}

import { spawn } from 'node:child_process'

/**
 * @typedef {object} VirtualDisplay
 * @property {string} name what DISPLAY has to be
 * @property {() => Promise<void>} stop
 */

/**
 * Starts an X server without a screen, on a display number that it finds free by itself.
 *
 * @returns {Promise<VirtualDisplay>}
 */
export async function startVirtualDisplay() {
  const screen = ['-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset']
  // setpriv: the server goes even if this process is killed before it can stop it.
  const command = ['--pdeathsig', 'TERM', 'Xvfb', '-displayfd', '1', ...screen]
  const server = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => server.once('close', resolve))
  let complaint = ''
  server.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text
  })
  /** @type {Promise<string>} */
  const number = new Promise((resolve, reject) => {
    server.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim()))
    server.once('error', (error) => reject(new Error(`Xvfb can't be started: ${error.message}`)))
    server.once('close', () => reject(new Error(`Xvfb gave up: ${complaint.trim()}`)))
  })
  return {
    name: `:${await number}`,
    stop: async () => {
      server.kill()
      await ended
    },
  }
}

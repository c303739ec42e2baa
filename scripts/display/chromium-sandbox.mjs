import { runCommand } from '../run-command.mjs'

/**
 * Chromium's sandbox needs a user namespace, which root is not given and some systems (Ubuntu
 * 24.04 for programs it does not know) refuse to everybody.
 *
 * @returns {Promise<{ args: string[], why: string }>} the switch that is needed here, and why
 */
export async function sandboxSwitch() {
  if (process.platform !== 'linux') return { args: [], why: '' }
  if (process.getuid?.() === 0) return { args: ['--no-sandbox'], why: 'root has none' }
  const { status } = await runCommand('unshare', ['--user', '--map-current-user', 'true'])
  if (status === 0) return { args: [], why: '' }
  return { args: ['--no-sandbox'], why: 'this system refuses user namespaces' }
}

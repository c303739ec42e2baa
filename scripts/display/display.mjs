import { connect } from 'node:net'
import { join } from 'node:path'

/**
 * Whether a window can open here. DISPLAY may be set and its server gone, so the server is asked.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>} why not; empty if it can
 */
export async function whyNoDisplay(env = process.env) {
  if (process.platform !== 'linux') return ''
  const { DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR } = env
  if (!DISPLAY && !WAYLAND_DISPLAY) return 'neither DISPLAY nor WAYLAND_DISPLAY is set'
  if (DISPLAY) {
    const local = /^(?:unix)?:(\d+)/.exec(DISPLAY)
    // A display on another host (ssh -X) is not asked: only X itself knows how to reach it.
    if (!local || (await answers(`/tmp/.X11-unix/X${local[1]}`))) return ''
    // Some servers, Xwayland in a container for one, listen on the abstract socket alone.
    if (await answers(`\0/tmp/.X11-unix/X${local[1]}`)) return ''
  }
  if (WAYLAND_DISPLAY && (await answers(join(XDG_RUNTIME_DIR ?? '', WAYLAND_DISPLAY)))) return ''
  return `no server answers at DISPLAY=${DISPLAY ?? ''}`
}

/**
 * @param {string} socketPath
 * @returns {Promise<boolean>}
 */
function answers(socketPath) {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

import { chmod, cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { bashCompletion, fishCompletion, zshCompletion } from './completions.ts'
import { manPage } from './man-page.ts'

/** Where the parts of an installed Slipway come from. */
export type Parts = {
  /** The repository, built. */
  readonly root: string
  /** The app as electron-builder left it. */
  readonly app: string
  /** The Node that the terminal command runs on: one program. */
  readonly node: string
  /** What that program is called where a machine needs it. */
  readonly nodeName: string
  readonly version: string
}

/** npm packages that the terminal command opens beside itself: ssh2 and what it stands on. */
const packages = ['ssh2', 'asn1', 'bcrypt-pbkdf', 'safer-buffer', 'tweetnacl']

/**
 * Lays out what belongs below `usr/`: the app and the terminal command in `lib/slipway`, the command
 * that starts either in `bin`, and what a desktop, a shell and `man` look for in `share`.
 */
export async function layOut(usr: string, parts: Parts): Promise<void> {
  const lib = join(usr, 'lib', 'slipway')
  await copy(parts.app, join(lib, 'app'))
  await copy(parts.node, join(lib, 'node'))
  await layOutTerminal(join(lib, 'terminal'), parts.root)
  // Beside the worker, from where it goes to machines that have none.
  await symlink('../../node', join(lib, 'app', 'resources', parts.nodeName))
  await symlink('../../../node', join(lib, 'terminal', 'out', 'worker', parts.nodeName))
  const linux = join(parts.root, 'resources', 'linux')
  await copy(join(linux, 'slipway.sh'), join(usr, 'bin', 'slipway'))
  await chmod(join(usr, 'bin', 'slipway'), 0o755)
  await layOutShare(join(usr, 'share'), linux, parts)
}

/** The command as in the repository, so that it finds its parts by the same paths. */
async function layOutTerminal(terminal: string, root: string): Promise<void> {
  await copy(join(root, 'out', 'cli', 'slipway.mjs'), join(terminal, 'out', 'cli', 'slipway.mjs'))
  await copy(join(root, 'out', 'threads'), join(terminal, 'out', 'threads'))
  await mkdir(join(terminal, 'out', 'worker'))
  await symlink('../../../app/resources/worker.mjs', join(terminal, 'out', 'worker', 'worker.mjs'))
  await symlink('../app/resources', join(terminal, 'resources'))
  for (const name of packages) {
    await copy(join(root, 'node_modules', name), join(terminal, 'node_modules', name))
  }
}

async function layOutShare(share: string, linux: string, parts: Parts): Promise<void> {
  await copy(join(linux, 'slipway.desktop'), join(share, 'applications', 'slipway.desktop'))
  const icons = join(parts.root, 'resources', 'icons')
  const hicolor = join(share, 'icons', 'hicolor')
  await copy(join(icons, 'icon.png'), join(hicolor, '512x512', 'apps', 'slipway.png'))
  await copy(join(icons, 'icon.svg'), join(hicolor, 'scalable', 'apps', 'slipway.svg'))
  const man = await promisify(gzip)(manPage(parts.version), { level: 9 })
  await put(join(share, 'man', 'man1', 'slipway.1.gz'), man)
  await put(join(share, 'bash-completion', 'completions', 'slipway'), bashCompletion())
  await put(join(share, 'zsh', 'vendor-completions', '_slipway'), zshCompletion())
  await put(join(share, 'fish', 'vendor_completions.d', 'slipway.fish'), fishCompletion())
  await layOutLicences(join(share, 'doc', 'slipway'), parts.root)
}

/** Electron's and Chromium's own lie in the app, those of packages that were not bundled beside them. */
async function layOutLicences(doc: string, root: string): Promise<void> {
  await copy(join(root, 'LICENSE'), join(doc, 'copyright'))
  const window = join(root, 'out', 'renderer', 'third-party-licences.md')
  await copy(window, join(doc, 'third-party-window.md'))
  const terminal = join(root, 'out', 'cli', 'slipway-licences.md')
  await copy(terminal, join(doc, 'third-party-terminal.md'))
}

/** Links stay what they are: the tree is complete in itself. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
}

async function put(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}

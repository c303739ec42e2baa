import { createHash } from 'node:crypto'
import { chmodSync, existsSync } from 'node:fs'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { withLock } from './installing/install-once.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'out', 'build-stamp')

/** What a build is made from. */
const sources = [
  'src-core',
  'src-main',
  'src-preload',
  'src-renderer',
  'src-system',
  'src-worker',
  'electron.vite.config.ts',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
]

/**
 * Programs for plain Node, beside the three of electron-vite: one file each.
 *
 * @type {import('./bundle.mjs').Program[]}
 */
export const programs = [
  // It runs on build machines, which have no node_modules and perhaps an older Node.
  {
    entry: 'src-worker/worker.ts',
    file: 'out/worker/worker.mjs',
    target: 'node18',
    selfContained: true,
  },
  // A thread of the app and of the terminal's command alike.
  {
    entry: 'src-main/tree/boards/scan-boards.ts',
    file: 'out/threads/scan-boards.mjs',
    selfContained: true,
  },
  // Not a program: npm start calls it.
  { entry: 'src-main/tree/sample-tree.ts', file: 'out/sample/sample-tree.mjs' },
  // One file starts in two thirds of the time that the packages' many take. ssh2 has compiled parts.
  {
    entry: 'src-main/cli/cli.ts',
    file: 'out/cli/slipway.mjs',
    executable: true,
    selfContained: true,
    except: ['ssh2'],
  },
]

/**
 * Builds everything under out/, unless that is what is there already.
 *
 * @param {(line: string) => void} [say]
 */
export async function ensureBuilt(say = console.log) {
  await withLock(join(root, 'out', '.build-lock'), async () => {
    const wanted = await sourceStamp()
    if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === wanted) return
    say('Building ...')
    await rm(stampFile, { force: true })
    await buildAll()
    await writeFile(stampFile, wanted)
  })
}

async function buildAll() {
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status, output } = await runCommand(process.execPath, [electronVite, 'build'], {
    cwd: root,
  })
  if (status !== 0) {
    throw new Error(`electron-vite build failed (${status ?? 'killed'}):\n${output.trim()}`)
  }
  // Only now: packages may just have been installed.
  const { bundle } = await import('./bundle.mjs')
  for (const program of programs) {
    await bundle(program)
    if (program.executable) chmodSync(join(root, program.file), 0o755)
  }
}

/** A digest over names, sizes and times of all sources: changes whenever one of them may have. */
async function sourceStamp() {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of await filesUnder(join(root, source))) {
      const { size, mtimeMs } = await stat(file)
      hash.update(`${file} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function filesUnder(path) {
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await rm(stampFile, { force: true })
  await ensureBuilt()
}

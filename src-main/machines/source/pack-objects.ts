import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { makeTemporaryFolder } from '../../temporary-folder.ts'
import { withPipes } from '../../with-pipes.ts'

export type Pack = {
  readonly bytes: Readable
  /** Objects written of how many; 0 of 0 while git still looks for them. */
  progress(): { readonly done: number; readonly total: number }
  /** Rejects if git failed, after `bytes` ended. */
  readonly finished: Promise<void>
}

/**
 * `git pack-objects`: a pack of these commits without their history, as differences to what the
 * commits of `known` hold. History is cut by a list of our own, so a shallow clone serves as well.
 * `moved` hears of each word of progress: git may count and compress for minutes before it writes.
 */
export async function packCommits(
  gitDir: string,
  send: readonly string[],
  known: readonly string[],
  signal: AbortSignal,
  moved: () => void,
): Promise<Pack> {
  const folder = await makeTemporaryFolder('slipway-pack-')
  const shallow = join(folder, 'shallow')
  await writeFile(shallow, [...send, ...known].map((hash) => `${hash}\n`).join(''))
  const flags = ['--stdout', '--revs', '--thin', '--shallow', '--delta-base-offset', '--progress']
  const child = withPipes(
    spawn(
      'git',
      // The switch that git itself uses between its programs; history beyond those commits is not there.
      ['--shallow-file', shallow, 'pack-objects', ...flags],
      { env: packEnvironment(gitDir), signal, stdio: 'pipe' },
    ),
  )
  let said = ''
  let counts = { done: 0, total: 0 }
  child.stderr.on('data', (chunk: Buffer) => {
    moved()
    said = `${said}${chunk}`.slice(-4000)
    const [, done, total] = [...said.matchAll(/Writing objects:.*\((\d+)\/(\d+)\)/g)].at(-1) ?? []
    if (done !== undefined) counts = { done: Number(done), total: Number(total) }
  })
  child.stdin.on('error', () => {}) // its exit status tells more
  child.stdin.end([...send, ...known.map((hash) => `^${hash}`)].map((line) => `${line}\n`).join(''))
  const finished = once(child, 'close')
    .then(([code]) => {
      if (code !== 0) throw new Error(lastLines(said) || `git pack-objects ended with ${code}`)
    })
    .finally(() => rm(folder, { recursive: true, force: true }))
  finished.catch(() => {})
  return { bytes: child.stdout, progress: () => counts, finished }
}

function packEnvironment(gitDir: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  return {
    ...Object.fromEntries(inherited),
    GIT_DIR: gitDir,
    LC_ALL: 'C',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
  }
}

function lastLines(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => /^(fatal|error):/.test(line))
  return lines.slice(-3).join('; ')
}

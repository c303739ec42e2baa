import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSyntheticTree } from './lab/synthetic-tree.ts'

/**
 * A tree of quick boards whose builds stop on hosts that are told to hold, so that a test looks at
 * a run in the middle for as long as it likes.
 */
export async function makeHeldTree(dir: string, boards: number): Promise<void> {
  await makeSyntheticTree(dir, { boards, buildMs: 300 })
  const script = join(dir, 'scripts', 'build.sh')
  const text = await readFile(script, 'utf8')
  // Not committed: what is changed on disk is what is built, on every host.
  const held = text.replace(/^sleep .*$/m, '$&\nwhile [ -e "$HOME/hold" ]; do sleep 0.1; done')
  await writeFile(script, held)
}

/** Where builds have this home. */
type Holding = { readonly home: string }

export async function hold(...hosts: readonly Holding[]): Promise<void> {
  await Promise.all(hosts.map(({ home }) => writeFile(join(home, 'hold'), '')))
}

export async function letGo(...hosts: readonly Holding[]): Promise<void> {
  await Promise.all(hosts.map(({ home }) => rm(join(home, 'hold'), { force: true })))
}

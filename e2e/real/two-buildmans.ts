import { execFile } from 'node:child_process'
import { readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Ended, Slipway } from '../cli/slipway.ts'

/**
 * A tree's own buildman, and Slipway called by a link of that name: each works on results of its own, or
 * on those of the other. docs/buildman.md says why what they print differs where it does.
 */

const runFile = promisify(execFile)

export type Side = 'theirs' | 'ours'

export type TwoBuildmans = {
  run(side: Side, args: readonly string[], resultsOf?: Side): Promise<Ended>
  /** Both at once, each on its own results. */
  both(...args: readonly string[]): Promise<Readonly<Record<Side, Ended>>>
  /** What is in the files of the result folders of the branch `compared`, by their paths in it. */
  resultsOf(side: Side, apart: RegExp): Promise<Readonly<Record<string, string>>>
}

/** @param buildmanTree the source whose `tools/buildman` is theirs */
export async function makeTwoBuildmans(
  slipway: Slipway,
  tree: string,
  buildmanTree: string,
): Promise<TwoBuildmans> {
  const link = join(slipway.dir, 'buildman')
  await symlink(slipway.command[1] ?? '', link)
  const programs: Readonly<Record<Side, readonly string[]>> = {
    theirs: ['python3', join(buildmanTree, 'tools', 'buildman', 'buildman')],
    ours: [process.execPath, link],
  }
  const outOf = (side: Side) => join(slipway.dir, side)

  async function run(side: Side, args: readonly string[], results = side): Promise<Ended> {
    const [program = '', script = ''] = programs[side]
    const options = { cwd: tree, env: { ...slipway.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }
    try {
      const said = await runFile(program, [script, '-o', outOf(results), ...args], options)
      return { code: 0, ...said }
    } catch (error) {
      const { code, stdout, stderr } = error as Ended
      return { code, stdout, stderr }
    }
  }

  return {
    run,
    async both(...args) {
      const [theirs, ours] = await Promise.all([run('theirs', args), run('ours', args)])
      return { theirs, ours }
    },
    resultsOf: (side, apart) => readResults(join(outOf(side), 'compared'), apart),
  }
}

/** Folders of work and lists are each one's own; files of `apart` are not compared. */
export async function readResults(base: string, apart: RegExp): Promise<Record<string, string>> {
  const names = (await readdir(base, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(base.length + 1))
    .filter((name) => /^\d\d_g/.test(name) && !apart.test(name))
  const texts = names.map(async (name) => {
    const text = await readFile(join(base, name), 'utf8')
    // The linker says of itself where it was found: in a PATH with a folder more.
    return [name, text.trimEnd().replaceAll('/usr/bin/ld:', '/bin/ld:')] as const
  })
  return Object.fromEntries(await Promise.all(texts))
}

/** Flags, what they print on either side that the other has not, and why. */
export type Difference = readonly [flags: RegExp, side: Side, text: RegExp]

/** What is left of a text when the differences that its flags have are taken out. */
export function withoutDifferences(
  differences: readonly Difference[],
  side: Side,
  flags: string,
  text: string,
): string {
  const fitting = differences.filter(([those, whose]) => whose === side && those.test(flags))
  return fitting.reduce((all, [, , part]) => all.replace(part, ''), text)
}

import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, readJson, type Slipway } from './slipway.ts'

/** A board needs firmware that lies in the tree and that git ignores. */

const run = promisify(execFile)
const board = syntheticBoard(0)
const needsFirmware = `[ -e fw/bl31.bin ] || {
  echo "binman: Filename 'bl31.bin' not found in input path (.,fw)" >&2
  exit 1
}
`

let slipway: Slipway
let tree = ''

beforeAll(async () => {
  slipway = await makeSlipway()
  tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, { boards: 1, buildMs: 30 })
  const script = join(tree, 'scripts', 'build.sh')
  await writeFile(script, needsFirmware + (await readFile(script, 'utf8')))
  await writeFile(join(tree, '.gitignore'), '*.bin\n')
  await run('git', ['-C', tree, 'add', '-A'])
  await run('git', ['-C', tree, 'commit', '-qm', 'Need firmware'])
  await mkdir(join(tree, 'fw'))
  await writeFile(join(tree, 'fw', 'bl31.bin'), 'firmware\n')
})
afterAll(() => slipway.remove())

test('what git hides is built, and results in the tree are no source: thrice the same', async () => {
  const commits = new Set<string>()
  for (let time = 1; time <= 3; time++) {
    const ended = await slipway.run(['--json', '--boards', board, '-o', 'build-out'], { cwd: tree })
    const { events, finished } = readJson(ended.stdout)
    expect(finished).toMatchObject({ exitCode: 0, builds: [{ board, outcome: 'ok' }] })
    commits.add(finished.builds[0]?.commit ?? '')
    const notes = events.map(({ text }) => text).join('\n')
    expect(notes).toContain('Part of the source, although git ignores them: fw/bl31.bin.')
    if (time > 1) expect(notes).toContain('not part of the source: build-out.')
  }
  expect(commits.size).toBe(1)
})

test('a commit has what git has: its failure says that the working tree has the file', async () => {
  const args = ['--json', '--boards', board, '-b', 'main', '-c', '1', '-o', 'series-out']
  const ended = await slipway.run(args, { cwd: tree })
  const { finished } = readJson(ended.stdout)
  expect(finished.builds).toMatchObject([
    { board, outcome: 'failed', reason: expect.stringMatching(/^needs fw\/bl31\.bin, which only/) },
  ])
})

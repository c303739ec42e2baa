import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type IPty, spawn } from 'node-pty'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeKey } from '../lab/files.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, type Slipway, writeSettings } from './slipway.ts'

/** The command in a terminal: a line that is written over, Ctrl-C, and questions. */

let slipway: Slipway
let lab: Lab
let tree = ''

beforeAll(async () => {
  ;[slipway, lab] = await Promise.all([makeSlipway(), startHosts(1)])
  tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, { boards: 4, buildMs: 30, warning: [1], hanging: [3] })
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

type Terminal = {
  readonly pty: IPty
  /** Settles when the screen's text holds the words. */
  until(words: RegExp): Promise<void>
  readonly ended: Promise<{ code: number; text: string }>
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Terminal {
  const [file = '', ...first] = slipway.command
  const pty = spawn(file, [...first, ...args], {
    cwd: tree,
    cols: 100,
    env: { ...slipway.env, ...env },
  })
  let text = ''
  let heard = () => {}
  pty.onData((data) => {
    text += data
    heard()
  })
  const ended = new Promise<{ code: number; text: string }>((resolve) =>
    pty.onExit(({ exitCode }) => resolve({ code: exitCode, text })),
  )
  const until = (words: RegExp) =>
    new Promise<void>((resolve, reject) => {
      heard = () => {
        if (words.test(text)) resolve()
      }
      heard()
      void ended.then(() => reject(new Error(`no ${words} in ${text}`)))
    })
  return { pty, until, ended }
}

const boards = (...numbers: number[]) => ['--boards', numbers.map(syntheticBoard).join(',')]
const out = (name: string) => ['-o', join(slipway.dir, name)]

test('outcomes are counted on one line; what is wrong stays above it', async () => {
  const { code, text } = await start([...boards(0, 1, 2), ...out('line')]).ended
  expect(code).toBe(101)
  expect(text).toMatch(/\r\x1b\[K {4}2 {4}1 {4}0 \/3 -0 {2}tiny000\d \[local\]/)
  expect(text).toContain('board/tiny0001.c:7:1: warning: this board always warns\r\n')
  expect(text).not.toContain('ok        tiny0000')
  expect(text).toMatch(/\r\x1b\[KCompleted: 3 total built/)
})

test('Ctrl-C stops the run and its workers', async () => {
  const terminal = start([...boards(3), ...out('stopped')])
  await terminal.until(/ {4}0 {4}0 {4}0 \/1 -1/)
  await expect
    .poll(() => slipway.processes(), { timeout: 30_000 })
    .toContainEqual(expect.stringContaining('sleep 3600'))
  terminal.pty.write('\x03')
  const { code, text } = await terminal.ended
  expect(code).toBe(1)
  expect(text).toContain('slipway: stopping; once more to leave at once')
  await expect.poll(() => slipway.processes(), { timeout: 20_000 }).toEqual([])
})

test('a passphrase is asked for without showing it, and once more when it was wrong', async () => {
  const key = join(slipway.dir, 'key')
  await makeKey(key, 'ed25519', 'open sesame')
  const authorized = join(lab.host('h1').etc, 'authorized_keys')
  await copyFile(`${key}.pub`, authorized)
  const config = join(slipway.dir, 'ssh_config')
  await writeFile(config, (await readFile(lab.sshConfig, 'utf8')).replace(lab.key, key))
  await writeSettings(slipway, '[toolchain]\nnone = /nowhere\n[machines]\nh1\n')
  const terminal = start(['--mach', '--use-machines', 'h1'], { SLIPWAY_SSH_CONFIG: config })
  await terminal.until(/h1: passphrase of .*key: $/)
  terminal.pty.write('wrong\r')
  await terminal.until(/That was not it\. h1: passphrase of .*key: $/)
  terminal.pty.write('open sesame\r')
  const { code, text } = await terminal.ended
  expect(code).toBe(0)
  expect(text).toMatch(/\nh1 +\S+ +\d+ /)
  expect(text).not.toContain('sesame')
})

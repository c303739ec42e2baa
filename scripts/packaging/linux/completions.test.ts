import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bashCompletion, fishCompletion, zshCompletion } from './completions.ts'

let tree = ''

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'slipway-completions-'))
  mkdirSync(join(tree, 'configs'))
  for (const board of ['sim_beacon', 'sim_jetty', 'tug']) {
    writeFileSync(join(tree, 'configs', `${board}_defconfig`), '')
  }
  writeFileSync(join(tree, 'slipway.bash'), bashCompletion())
  writeFileSync(join(tree, '_slipway'), zshCompletion())
  writeFileSync(join(tree, 'slipway.fish'), fishCompletion())
})

afterAll(() => rmSync(tree, { recursive: true, force: true }))

/** What a shell says to a script, in the tree. */
function said(shell: string, ...args: readonly string[]): string {
  return execFileSync(shell, args, { cwd: tree, encoding: 'utf8' }).trim()
}

test.each([
  [['--who'], '--who-compiles'],
  [['sim'], 'sim_beacon sim_jetty'],
  [['-o', 'con'], 'configs'],
  [['--junit', 'slipway.b'], 'slipway.bash'],
  [['--for', 's'], ''],
])('bash, after %j, offers %j', (words, offered) => {
  const script = [
    'source slipway.bash',
    `COMP_WORDS=(slipway ${words.join(' ')})`,
    `COMP_CWORD=${words.length}`,
    '_slipway',
    `echo "\${COMPREPLY[*]}"`,
  ]
  expect(said('bash', '-c', script.join('\n'))).toBe(offered)
})

test('fish offers flags with what they do, and boards', () => {
  const complete = (line: string) =>
    said('fish', '--no-config', '-c', `source slipway.fish; complete -C ${JSON.stringify(line)}`)
  expect(complete('slipway --who')).toBe('--who-compiles\twith -s: which boards compile this line')
  expect(complete('slipway sim')).toBe('sim_beacon\nsim_jetty')
})

test('zsh reads the function, and knows every flag in it', () => {
  expect(said('zsh', '-f', '-n', '_slipway')).toBe('')
  const script = '_arguments() { print -rl -- "$@" }; source ./_slipway'
  const specs = said('zsh', '-f', '-c', script).split('\n')
  expect(specs).toContain('*--who-compiles[with -s\\: which boards compile this line]:FILE\\:LINE:')
  expect(specs).toContain('*-o[where results go (default ..)]:DIR:_files -/')
})

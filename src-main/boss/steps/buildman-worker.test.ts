import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { beyondBuildman, buildmanSettings, startBuildman } from './buildman-worker.ts'

test('buildman is told the settings of the reference, and nothing else', () => {
  const settings = { no_lto: true, kconfig_check: false, ccache: true, jobs: 4, adjust_cfg: [] }
  expect(buildmanSettings(settings)).toMatchObject({ no_lto: true, kconfig_check: false })
  expect(Object.keys(buildmanSettings(settings))).toHaveLength(12)
})

test('what buildman would ignore in silence is named', () => {
  const plain = { no_lto: true, adjust_cfg: [], make_target: '', quick: false, ccache: true }
  expect(beyondBuildman(plain, {})).toEqual([])
  expect(beyondBuildman({ ...plain, adjust_cfg: ['FOO'], make_target: 'x' }, {})).toEqual([
    '--adjust-cfg',
    '--target',
  ])
  expect(beyondBuildman({ quick: true }, { snow: ['X=1'] })).toEqual(['--quick', '[make-flags]'])
})

test('nothing of a path or a name is read by the shell', () => {
  const script = startBuildman("~/it's/buildman", '~/work/a b', 'abc')
  expect(script).toContain(`exec "$HOME"/'it'\\''s/buildman' --worker -g "$PWD"`)
  expect(script).toContain(`cd "$HOME"/'work/a b/buildman/tree' ||`)
})

test('its source is as it was committed, whatever git is set to for the account', () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-buildman-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const tree = join(home, 'work/buildman/tree')
  mkdirSync(tree, { recursive: true })
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' }
  const run = (command: string) => execFileSync('sh', ['-c', command], { cwd: tree, env })
  const me = 'git -c user.name=a -c user.email=a@b'
  run(`git init -q --bare ../from && printf 'a\\nb\\n' >text && git --git-dir=../from --work-tree=. add text
    ${me} --git-dir=../from --work-tree=. commit -qm x && git clone -q --bare ../from .git && rm text`)
  const hooks = join(home, 'hooks')
  mkdirSync(hooks)
  writeFileSync(join(hooks, 'post-checkout'), '#!/bin/sh\necho c >>text\n', { mode: 0o755 })
  writeFileSync(join(home, 'attributes'), '* text\n')
  writeFileSync(
    join(home, '.gitconfig'),
    `[core]\n\teol = crlf\n\tautocrlf = true\n\thooksPath = ${hooks}\n\tattributesFile = ${home}/attributes\n`,
  )
  run(startBuildman('/bin/true', join(home, 'work'), 'HEAD'))
  expect(readFileSync(join(tree, 'text'), 'utf8')).toBe('a\nb\n')
})

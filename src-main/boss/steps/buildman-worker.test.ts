import { expect, test } from 'vitest'
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

import { expect, test } from 'vitest'
import { defaultBuildSettings } from './build-settings.ts'
import { settingsFingerprint } from './settings-fingerprint.ts'

const withChanges = (change: Partial<typeof defaultBuildSettings>, makeFlags?: string[]) =>
  settingsFingerprint({ ...defaultBuildSettings, ...change }, makeFlags)

test('results of earlier versions keep their text', () => {
  expect(settingsFingerprint(defaultBuildSettings)).toBe('target= [] [] []')
  expect(
    withChanges(
      {
        allowMissing: true,
        noLto: true,
        reproducible: true,
        warningsAsErrors: true,
        configOnly: true,
        dtcSkip: true,
        adjustConfig: ['X', 'Y="a b"'],
        fragments: ['a.config'],
        makeTarget: 'cfg',
      },
      ['A=1'],
    ),
  ).toBe(
    'allowMissing noLto reproducible warningsAsErrors configOnly dtcSkip target=cfg ' +
      '["X","Y=\\"a b\\""] ["a.config"] ["A=1"]',
  )
})

test('settings that change a result change the fingerprint, others do not', () => {
  const plain = settingsFingerprint(defaultBuildSettings)
  for (const change of [
    { noLto: true },
    { configOnly: true },
    { adjustConfig: ['X'] },
    { makeTarget: 'cfg' },
  ]) {
    expect(withChanges(change)).not.toBe(plain)
  }
  expect(withChanges({}, ['A=1'])).not.toBe(plain)
  for (const change of [
    { verboseBuild: true },
    { threads: 3 },
    { ccache: false },
    { keepOutputs: true },
  ]) {
    expect(withChanges(change)).toBe(plain)
  }
})

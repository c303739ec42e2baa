import { expect, test } from 'vitest'
import { problemReportText } from './problem-report.ts'

const report = {
  versions: { Slipway: '0.1.0', Electron: '45.0.0' },
  system: 'Linux 6.1 x64',
  settings: '{ "toolchainMirror": "https://ada:secret@mirror.example/gcc" }',
  log: 'cannot read /home/ada/u-boot\n',
  runs: [{ title: 'arm, yesterday', log: '{"type":"run-started"}' }],
  home: '/home/ada',
}

test('a report has each part under its heading, in order', () => {
  const headings = problemReportText(report).match(/^== .*/gm)
  expect(headings).toEqual([
    '== Versions',
    '== Settings of the window',
    '== Log of the app',
    '== Run: arm, yesterday',
  ])
})

test('passwords are left out, and the home folder is shortened', () => {
  const text = problemReportText(report)
  expect(text).toContain('"https://...@mirror.example/gcc"')
  expect(text).toContain('cannot read ~/u-boot')
  expect(text).not.toContain('secret')
})

test('what is not there is said to be nothing', () => {
  expect(problemReportText({ ...report, log: '' })).toContain('== Log of the app\n\n(nothing)\n')
})

import { expect, test } from 'vitest'
import { controlText } from './control.ts'

test('a control file has what Debian asks for; a library of two names is either', () => {
  const text = controlText({
    version: '1.2.3',
    description: 'Builds boards',
    maintainer: 'Ada <ada@quayside.example>',
    architecture: 'arm64',
    installedSize: 4096,
  })
  expect(text).toMatch(/^Package: slipway\nVersion: 1\.2\.3\nArchitecture: arm64\n/)
  expect(text).toContain('\nMaintainer: Ada <ada@quayside.example>\nInstalled-Size: 4096\n')
  expect(text).toMatch(/^Depends: git, make, openssh-client, .*libgtk-3-0 \| libgtk-3-0t64/m)
  expect(text).toMatch(/^Description: Builds boards\n(?: \S.*\n)+$/m)
})

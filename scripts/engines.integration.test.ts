import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/**
 * Electron's installer, and what packs it: they run on Node 20.19 as well, but promise only 22.12. Older ones, which
 * promise more, bring a Chromium that nobody mends any more.
 */
const ofElectron = [
  '@electron-internal/extract-zip',
  '@electron/get',
  '@electron/rebuild',
  'electron',
  'node-abi',
]

test('this Node is good enough for all packages, but those that are said in CONTRIBUTING.md', async () => {
  const work = mkdtempSync(join(tmpdir(), 'slipway-engines-'))
  onTestFinished(() => rmSync(work, { recursive: true }))
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(root, file), join(work, file))
  // Looks at the lock file as `npm ci` does, and installs nothing.
  const args = ['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit']
  const { stderr } = await promisify(execFile)('npm', args, { cwd: work })
  const unfit = Array.from(
    stderr.matchAll(/EBADENGINE\s+package: '(.+)@[^@']+'/g),
    ([, name]) => name,
  )
  expect(unfit.filter((name) => !ofElectron.includes(name ?? ''))).toEqual([])
})

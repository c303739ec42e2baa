import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from '@playwright/test'
import { ensureSampleTree } from '../src-main/tree/sample-tree.ts'
import { axeFindings } from './axe.ts'
import { buttonNamed } from './demo.ts'
import { test as base, homeOf, useApp } from './launch-app.ts'

/** A person whose search for a commit, in a terminal, was killed after its first build. */
const test = base.extend({
  app: async ({ profile }, use, testInfo) => {
    const tree = join(profile, 'tree')
    await ensureSampleTree(join(import.meta.dirname, '..', 'resources', 'sample-tree'), tree)
    await mkdir(join(profile, 'home'))
    await writeFile(join(profile, 'buildman'), '[toolchain]\nroot = /\n')
    await searchAndDie(profile, tree)
    await writeFile(join(profile, 'settings.json'), JSON.stringify({ recentTrees: [tree] }))
    await useApp(profile, { HOME: join(profile, 'home') }, use, testInfo)
  },
})

async function searchAndDie(profile: string, tree: string): Promise<void> {
  const program = join(import.meta.dirname, '..', 'out', 'cli', 'slipway.mjs')
  const where = ['-G', join(profile, 'buildman'), '-g', tree, '-o', join(profile, 'out')]
  // One build is judged; the search waits for what comes of the others until it is killed.
  const held = 'mkdir "$HOME/first" 2>/dev/null || until [ -e "$HOME/go" ]; do sleep 0.1; done'
  const asked = ['--bisect', 'origin/main..work', '--boards', 'sandbox']
  const run = ['--run', `${held}; ! grep -q run_time u-boot`]
  const home = join(profile, 'home')
  const search = spawn(process.execPath, [program, ...where, ...asked, ...run], {
    env: { ...process.env, ...homeOf(profile), HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(search, 'exit')
  const said: string[] = []
  for await (const line of createInterface(search.stderr)) {
    said.push(line)
    if (/: (?:good|bad) \(/.test(line)) break
  }
  search.kill('SIGKILL')
  const [, signal] = await ended
  expect(signal, said.join('\n')).toBe('SIGKILL')
  await writeFile(join(home, 'go'), '')
}

test.describe.configure({ timeout: 600_000 })

test('a search that was broken off is offered at the next start, and goes on at a click', async ({
  app: { page },
}) => {
  const offer = page.getByRole('status').filter({ hasText: 'was broken off' })
  await expect(offer).toContainText('A search for a commit in origin/main..work')
  await offer.getByRole('button', { name: 'Show it' }).click()
  await expect(page.getByRole('heading', { name: /^Broken off: / })).toBeVisible()
  await expect(offer).toBeHidden()
  expect(await axeFindings(page)).toEqual([])
  await buttonNamed(page, 'Go on').click()
  const verdict = page.getByRole('region', { name: 'Verdict' })
  await expect(verdict).toContainText('cmd: Add the time command', { timeout: 300_000 })

  await page.getByRole('tab', { name: 'History' }).click()
  await expect(page.getByRole('table', { name: 'Runs' })).toContainText(
    /search for a commit: found .*Add the time command/,
  )
})

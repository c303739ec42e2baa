import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { defaultBuildSettings } from '../src-core/build-options/build-settings.ts'
import { axeFindings } from './axe.ts'
import { buttonNamed } from './demo.ts'
import { gridOf, legendColours, paintedColour, readGrid, runEnds } from './grid.ts'
import { makeHeldTree } from './held-tree.ts'
import { test as base, useApp } from './launch-app.ts'

const boards = 12

/** A lab with one machine, which has a home of its own on this computer; neither this nor another takes part. */
const test = base.extend({
  app: async ({ profile }, use, testInfo) => {
    const tree = join(profile, 'tree')
    await makeHeldTree(tree, boards)
    await writeFile(join(profile, 'buildman'), await labSettings(profile))
    const settings = {
      recentTrees: [tree],
      distribute: false,
      noLocal: true,
      // Without ccache no board waits for the first one of its architecture.
      build: { ...defaultBuildSettings, ccache: false },
    }
    await writeFile(join(profile, 'settings.json'), JSON.stringify(settings))
    await useApp(profile, {}, use, testInfo)
  },
})

test('a run asks a provider, builds on what comes, and gives it back', async ({
  app: { page },
  profile,
}) => {
  const says = page.locator('.build-says')
  const lab = page.getByRole('region', { name: 'lab', exact: true })
  await writeFile(join(profile, 'oven', 'hold'), '')
  await expect(says).toContainText('Nothing may build')
  await expect(lab).toContainText('1 machine: oven, 0.5 a minute')

  await wish(page)
  await expect(says).toHaveText(`Build ${boards} boards, and ask lab for up to 1 machine`)
  await expect(lab.getByRole('checkbox')).toBeChecked()
  await buttonNamed(page, 'Build').click()
  await expect(lab).toContainText('gives oven, 0.5 a minute')
  await expect(machineRow(page)).toContainText(/[1-9]\/\d/, { timeout: 300_000 })
  expect((await legendColours(page)).get('lab:oven')).toMatch(/^rgb\(/)
  await isLegible(page)
  await isNobodysOwn(page)

  await rm(join(profile, 'oven', 'hold'))
  expect(await runEnds(page, boards)).toMatchObject({ ok: boards, failed: 0 })
  const machines = (await readGrid(page)).map(({ machine }) => machine)
  expect(new Set(machines)).toEqual(new Set(['lab:oven']))
  await gridOf(page).press('Home')
  expect(await paintedColour(page)).toBe((await legendColours(page)).get('lab:oven'))
  await expect(machineRow(page)).toContainText('given back')
  await isLegible(page)
  expect(await readFile(join(profile, 'log'), 'utf8')).toBe('asked for 1\nreleased oven\n')
  const kept = await Promise.all(
    ['buildman', 'settings.json'].map((name) => readFile(join(profile, name), 'utf8')),
  )
  expect(kept.join()).not.toContain('lab:oven')
})

async function isLegible(page: Page): Promise<void> {
  expect(await axeFindings(page)).toEqual([])
}

/** Ticks the lab where machines are chosen, for fewer machines than it may give. */
async function wish(page: Page): Promise<void> {
  await buttonNamed(page, 'no machines yet').click()
  await page.getByRole('checkbox', { name: 'lab', exact: true }).check()
  const most = page.getByRole('spinbutton', { name: 'Machines of lab at most' })
  await expect(most).toHaveValue('2')
  await most.fill('1')
  await isLegible(page)
  await page.keyboard.press('Escape')
  await expect(buttonNamed(page, 'up to 1 of lab')).toBeVisible()
}

/** Nothing that would be written down can be done with it, and no choice offers it. */
async function isNobodysOwn(page: Page): Promise<void> {
  await buttonNamed(page, 'More about lab:oven').click()
  await expect(page.getByRole('menuitem', { name: 'Probe again' })).toBeVisible()
  for (const name of ['Edit …', 'Remove …', 'Move up', /next run/]) {
    await expect(page.getByRole('menuitem', { name })).toHaveCount(0)
  }
  await page.keyboard.press('Escape')
  await buttonNamed(page, 'up to 1 of lab').click()
  await expect(page.getByText('None is configured yet.')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'lab:oven' })).toHaveCount(0)
  await page.keyboard.press('Escape')
}

function machineRow(page: Page): Locator {
  return page.locator('.machine').filter({ hasText: 'lab:oven' })
}

/** The machine says that it has many cores: what else this computer does must not make it busy. */
async function labSettings(profile: string): Promise<string> {
  const [office, home] = [join(profile, 'office'), join(profile, 'oven')]
  await mkdir(join(home, 'bin'), { recursive: true })
  const cores = '#!/bin/sh\ncase $1 in --all) echo 1000 ;; *) echo 2 ;; esac\n'
  await writeFile(join(home, 'bin', 'nproc'), cores, { mode: 0o755 })
  const command = `env -i HOME=${home} PATH=${join(home, 'bin')}:${process.env.PATH}`
  const oven = JSON.stringify({ name: 'oven', command, cost_per_minute: 0.5 })
  const script = `#!/bin/sh
cd ${profile}
case $1 in
list) echo '${oven}' ;;
acquire) echo "asked for $2" >>log; echo oven ;;
release) echo "released $2" >>log ;;
esac
`
  await writeFile(office, script, { mode: 0o755 })
  const words = ['list', 'acquire', 'release'].map((word) => `${word} = ${office} ${word}`)
  return [
    '[toolchain]',
    'root = /',
    '[machines]',
    '[provider:lab]',
    'kind = commands',
    'nodes = 2',
    ...words,
    '',
  ].join('\n')
}

// npm run bench ui-look [FOLDER]: pictures of the window's main states, from made-up runs, for the eye.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startHarness } from './ui/harness.ts'
import type { PlayOptions } from './ui/made-up-boss.ts'

type Look = {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly theme: 'light' | 'dark'
  readonly tree: boolean
  readonly machines: number
  readonly boards: number
  readonly play?: PlayOptions
  readonly elsewhere?: boolean
  readonly providers?: boolean
  readonly act?: (page: Page) => Promise<void>
}

const wide = { width: 1600, height: 900, tree: true }
const ready = { ...wide, theme: 'light', machines: 5, boards: 1228 } as const
const halfway = (boards: number, commits = 1, machines = 8): PlayOptions => ({
  boards,
  commits,
  machines,
  perSecond: 5000,
  results: Math.round(boards * commits * 0.6),
  finish: false,
})

const small = {
  width: 1024,
  height: 700,
  theme: 'dark',
  tree: true,
  machines: 8,
  boards: 1500,
  play: halfway(1500),
} as const

const looks: readonly Look[] = [
  { ...wide, name: 'welcome', theme: 'light', tree: false, machines: 1, boards: 0 },
  { ...wide, name: 'ready', theme: 'light', machines: 5, boards: 1228 },
  { ...wide, name: 'few', theme: 'light', machines: 3, boards: 3, play: halfway(3, 1, 3) },
  { ...wide, name: 'some', theme: 'dark', machines: 5, boards: 120, play: halfway(120, 1, 5) },
  { ...wide, name: 'many-light', theme: 'light', machines: 8, boards: 1500, play: halfway(1500) },
  {
    ...wide,
    name: 'many-dark',
    theme: 'dark',
    machines: 20,
    boards: 1500,
    play: halfway(1500, 1, 20),
  },
  {
    ...wide,
    name: 'matrix-light',
    theme: 'light',
    machines: 8,
    boards: 1500,
    play: halfway(1500, 30),
  },
  { ...wide, name: 'matrix-dark', theme: 'dark', machines: 8, boards: 400, play: halfway(400, 12) },
  { ...small, name: 'small' },
  {
    ...small,
    name: 'elsewhere',
    elsewhere: true,
    act: async (page) => {
      await page.reload()
      await page.getByText('in another window or terminal').waitFor()
    },
  },
  {
    name: 'doubled',
    width: 512,
    height: 350,
    theme: 'light',
    tree: true,
    machines: 8,
    boards: 1500,
    play: halfway(1500),
  },
  {
    name: 'large',
    width: 3840,
    height: 2160,
    theme: 'light',
    tree: true,
    machines: 12,
    boards: 1500,
    play: halfway(1500, 1, 12),
  },
  ...(['light', 'dark'] as const).map((theme) => ({
    ...wide,
    theme,
    name: `forced-${theme}`,
    machines: 8,
    boards: 120,
    play: halfway(120),
    act: async (page: Page) => {
      await page.emulateMedia({ forcedColors: 'active', colorScheme: theme })
      await page.locator('.machine-solo').nth(1).click()
      await page.locator('.status-count').first().click()
    },
  })),
  {
    ...ready,
    name: 'compilers',
    act: async (page) => {
      await page.getByRole('button', { name: 'Fetch the missing compilers' }).click()
      await page.screenshot({ path: join(folder, 'compilers-wanted.png') })
      await page.getByRole('button', { name: /^Fetch \d+ compilers$/ }).click()
    },
  },
  ...(['light', 'dark'] as const).map((theme) => ({
    ...(theme === 'dark' ? small : { ...wide, boards: 300, machines: 5 }),
    theme,
    name: `paused-${theme}`,
    play: halfway(300, 1, 5),
    act: pauseInTrouble,
  })),
  { ...small, name: 'crowded', machines: 15, play: halfway(1500, 1, 15) },
  {
    name: 'crowded-plan',
    width: 1024,
    height: 700,
    theme: 'light',
    tree: true,
    machines: 15,
    boards: 1500,
  },
  {
    ...wide,
    name: 'changing',
    theme: 'light',
    machines: 8,
    boards: 300,
    play: { ...halfway(300, 20), results: 6000, finish: true },
    act: async (page) => {
      await page.locator('.grid-pane').press('n')
      await page.keyboard.press('Enter')
    },
  },
  {
    ...wide,
    name: 'states',
    theme: 'light',
    machines: 5,
    boards: 60,
    play: halfway(60, 1, 5),
    act: async (page) => {
      await loseMachine()
      await page.mouse.move(450, 170)
    },
  },
  ...(['light', 'dark'] as const).map((theme) => ({
    ...(theme === 'dark' ? small : { ...wide, boards: 60, machines: 5 }),
    theme,
    name: `warning-${theme}`,
    play: halfway(60, 1, 5),
    act: restOnWarning,
  })),
  {
    ...wide,
    name: 'states-dark',
    theme: 'dark',
    machines: 14,
    boards: 400,
    play: halfway(400, 1, 14),
    act: loseMachine,
  },
  {
    ...wide,
    name: 'doubts',
    theme: 'light',
    machines: 5,
    boards: 60,
    play: halfway(60, 1, 5),
    act: async (page) => {
      await doubtFailures()
      await page.mouse.move(630, 280)
    },
  },
  {
    ...wide,
    name: 'doubts-dark',
    theme: 'dark',
    machines: 14,
    boards: 400,
    play: halfway(400, 1, 14),
    act: doubtFailures,
  },
  {
    ...wide,
    name: 'duration',
    theme: 'light',
    machines: 5,
    boards: 300,
    play: halfway(300, 1, 5),
    act: (page) => page.selectOption('.colour-by select', 'duration').then(() => {}),
  },
  {
    ...wide,
    name: 'solo',
    theme: 'light',
    machines: 5,
    boards: 300,
    play: halfway(300, 1, 5),
    act: async (page) => {
      await page.getByRole('button', { name: /moa/ }).first().click()
      await page.getByRole('button', { name: 'More about moa' }).click()
    },
  },
  {
    ...wide,
    name: 'column',
    theme: 'light',
    machines: 8,
    boards: 300,
    play: { ...halfway(300, 20), results: 6000, finish: true },
    act: (page) => page.locator('.series-list li').nth(6).hover(),
  },
  {
    ...small,
    theme: 'light',
    name: 'column-small',
    play: { ...halfway(300, 6), results: 1800, finish: true },
    act: (page) => page.getByRole('button', { name: 'Hide what to build' }).click(),
  },
  {
    ...wide,
    name: 'filter',
    theme: 'light',
    machines: 5,
    boards: 400,
    play: halfway(400, 1, 5),
    act: (page) => page.fill('#grid-filter', 'aarch64 & rock'),
  },
  {
    ...wide,
    name: 'selected',
    theme: 'dark',
    machines: 5,
    boards: 120,
    play: { ...halfway(120, 1, 5), results: 120, finish: true },
    act: async (page) => {
      await page.locator('.grid-pane').press('Home')
      for (let step = 0; step < 7; step += 1) await page.keyboard.press('Shift+ArrowRight')
      await page.getByRole('button', { name: 'Build again' }).click()
    },
  },
  { ...ready, name: 'providers-plan', machines: 2, providers: true, act: openWhere },
  {
    ...ready,
    name: 'providers-plan-dark',
    theme: 'dark',
    machines: 2,
    providers: true,
    act: openWhere,
  },
  { ...small, name: 'providers-small', machines: 2, providers: true, act: giveMachines },
  {
    ...wide,
    name: 'providers',
    theme: 'light',
    machines: 2,
    boards: 300,
    providers: true,
    play: halfway(300, 1, 2),
    act: giveMachines,
  },
  ...(['light', 'dark'] as const).map((theme) => ({
    ...wide,
    theme,
    name: `providers-crowded-${theme}`,
    machines: 20,
    boards: 1500,
    providers: true,
    play: halfway(1500, 1, 20),
    act: async (page: Page) => {
      await giveMachines()
      if (theme === 'dark') await page.getByRole('button', { name: /^Own machines/ }).click()
    },
  })),
  {
    ...small,
    name: 'providers-crowded-small',
    theme: 'light',
    machines: 20,
    providers: true,
    play: halfway(1500, 1, 20),
    act: async (page) => {
      await giveMachines()
      await page.getByRole('searchbox', { name: /^Filter machines/ }).fill('cluster')
    },
  },
  ...(['light', 'dark'] as const).map((theme) => ({
    ...(theme === 'dark' ? small : { ...wide, boards: 300, machines: 5 }),
    theme,
    name: `waiting-${theme}`,
    play: { ...halfway(300, 1, 5), perSecond: 0, results: 0 },
    act: waitForAnother,
  })),
  ...(['light', 'dark'] as const).map((theme) => ({
    ...(theme === 'dark' ? small : { ...wide, boards: 300, machines: 5, play: halfway(300, 1, 5) }),
    theme,
    name: `palette-${theme}`,
    act: async (page: Page) => {
      await page.getByRole('button', { name: 'Menu', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Commands …' }).click()
      await page.keyboard.type('tor')
    },
  })),
  { ...ready, name: 'help', act: (page) => page.keyboard.press('?') },
  { ...ready, name: 'help-dark', theme: 'dark', act: (page) => page.keyboard.press('?') },
  ...(['light', 'dark'] as const).map((theme) => ({
    ...(theme === 'dark' ? { ...small, machines: 5 } : ready),
    theme,
    name: `selections-${theme}`,
    act: (page: Page) => page.getByRole('button', { name: 'selections' }).click(),
  })),
  ...(['light', 'dark'] as const).map((theme) => ({
    ...ready,
    ...(theme === 'dark' && { width: 1024, height: 700 }),
    theme,
    name: `offers-${theme}`,
    act: (page: Page) => page.getByRole('button', { name: 'Build otherwise' }).click(),
  })),
  { ...ready, name: 'mistake', act: (page) => page.fill('.board-filter input', 'arm & (free') },
  {
    ...ready,
    name: 'edit-machine',
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a machine' }).click()
      await page.getByRole('button', { name: 'Add', exact: true }).click()
    },
  },
  { ...ready, name: 'machine-by-command', act: tryCommand },
  { ...small, name: 'machine-by-command-small', act: tryCommand },
  {
    ...ready,
    name: 'workers',
    act: (page) => page.getByRole('button', { name: 'Stale workers' }).first().click(),
  },
  {
    ...small,
    name: 'workers-small',
    act: (page) => page.getByRole('button', { name: 'Stale workers' }).first().click(),
  },
  { ...ready, name: 'compare', act: openComparison },
  { ...small, name: 'compare-small', act: openComparison },
  {
    ...ready,
    name: 'host-key',
    act: () =>
      harness.electron.evaluate(() =>
        slipwayBoss.ask({
          id: '1',
          kind: 'host-key',
          machine: 'ruru',
          keyType: 'ED25519',
          fingerprint: 'SHA256:3lQ4kqKq0cHPd1x0rJ3q1f3f0qg8Jd2uQm1t7c9bKzY',
        }),
      ),
  },
  {
    ...ready,
    name: 'facts',
    theme: 'dark',
    act: async (page) => {
      await page.getByRole('button', { name: 'More about kea' }).click()
      await page.getByRole('menuitem', { name: 'What it has' }).click()
    },
  },
]

/** A cluster gives some of the run's machines, and the lab makes it wait. */
async function giveMachines(): Promise<void> {
  await harness.electron.evaluate(() => {
    const at = Date.now()
    const open = slipwayBoss.run().attempts.filter(({ end }) => end === 'open')
    const given = ['n17', 'n18', 'n21'].map((node) => `cluster:${node}`)
    const soon = at + 55 * 60_000
    slipwayBoss.tell([
      {
        at,
        type: 'provider-changed',
        provider: 'cluster',
        phase: 'given',
        detail: 'allocation 4711: n17, n18, n21',
        endsAt: soon,
      },
      {
        at,
        type: 'provider-changed',
        provider: 'lab',
        phase: 'waiting',
        detail: 'asked for',
        startsAt: soon,
      },
      ...given.flatMap((machine, index) => [
        { at, type: 'machine-joined' as const, machine, hue: 21 + index },
        {
          at,
          type: 'machine-changed' as const,
          machine,
          phase: index === 2 ? ('left' as const) : ('ready' as const),
          detail: index === 2 ? 'cluster has it no more' : '',
          slots: 8,
        },
      ]),
      ...open.slice(0, 12).flatMap(({ cell, machine, slot }, index) => {
        const build = { at, board: slipwayBoss.run().boards[cell]?.target ?? '', upto: 0 }
        const from = slipwayBoss.run().machines[machine]?.name ?? ''
        return [
          {
            ...build,
            type: 'build-dropped' as const,
            machine: from,
            slot,
            why: 'given back' as const,
            reason: '',
          },
          {
            ...build,
            type: 'build-started' as const,
            machine: given[index % 2] ?? '',
            slot: index,
            attempt: 2,
          },
        ]
      }),
    ])
  })
}

/** The pointer rests on a build that was built with warnings. */
async function restOnWarning(page: Page): Promise<void> {
  await page.locator('.status-count').filter({ hasText: 'warnings' }).click()
  await page.mouse.move(page.viewportSize()?.width === 1024 ? 400 : 440, 170)
}

/** The run is paused; one machine is drained, and another one says a great deal of why it is lost. */
async function pauseInTrouble(): Promise<void> {
  await harness.electron.evaluate(() => {
    const at = Date.now()
    const [, second = '', third = ''] = slipwayBoss.run().machines.map(({ name }) => name)
    const open = slipwayBoss.run().attempts.filter(({ end }) => end === 'open')
    const changed = { at, type: 'machine-changed' as const }
    slipwayBoss.tell([
      { at, type: 'run-paused' },
      ...open
        .filter(({ machine }) => machine === 1)
        .map(({ cell, slot }) => ({
          at,
          type: 'build-dropped' as const,
          board: slipwayBoss.run().boards[cell]?.target ?? '',
          upto: 0,
          machine: second,
          slot,
          why: 'given back' as const,
          reason: '',
        })),
      { ...changed, machine: second, phase: 'draining', detail: '' },
      {
        ...changed,
        machine: third,
        phase: 'lost',
        detail: `ssh: ${'connect to host 10.0.0.7 port 22: Connection timed out; '.repeat(6)}`,
      },
    ])
  })
}

/** Another run has the tree's folder on two machines, and others are not ready yet. */
async function waitForAnother(): Promise<void> {
  await harness.electron.evaluate(() => {
    const at = Date.now()
    const detail = 'another run of root@vm builds this tree there, since 15:28'
    slipwayBoss.tell(
      slipwayBoss.run().machines.map(({ name }, index) => ({
        at,
        type: 'machine-changed' as const,
        machine: name,
        ...(index === 1 || index === 2
          ? { phase: 'lost' as const, busy: true as const, detail, nextTryAt: at + 20_000 }
          : { phase: 'connecting' as const, detail: '' }),
      })),
    )
  })
}

async function openWhere(page: Page): Promise<void> {
  await page.getByRole('button', { name: /of cluster$/ }).click()
}

/** What a machine says that is being added, reached by a command. */
async function tryCommand(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a machine' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('trixie')
  await page.getByText('a command', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Command' }).fill('docker exec -i trixie')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByText(/^It works/).waitFor()
}

async function openComparison(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Are my machines alike? …' }).click()
}

/** Builds fail: some are being checked elsewhere, some are known to be the code's fault, of some nobody knows. */
async function doubtFailures(): Promise<void> {
  await harness.electron.evaluate(() => {
    const run = slipwayBoss.run()
    const at = Date.now()
    const open = run.attempts.filter(({ end }) => end === 'open')
    const name = (machine: number) => run.machines[machine]?.name ?? ''
    const where = (cell: number) => ({ board: run.boards[cell]?.target ?? '', upto: 0 })
    const said = 'board/common.c:7: error: no such thing'
    slipwayBoss.tell(
      open.map(({ cell, slot, machine }, index) => {
        const build = { at, ...where(cell), machine: name(machine), slot }
        if (index % 2 === 0) {
          return {
            ...build,
            type: 'build-dropped' as const,
            why: 'suspected' as const,
            reason: said,
          }
        }
        return {
          ...build,
          type: 'build-finished' as const,
          outcome: 'failed' as const,
          reason: '',
          returnCode: 2,
          seconds: 3,
          errors: 1,
          warnings: 0,
          firstErrors: [said],
          sizes: [],
          previously: false,
          proof:
            index % 4 === 1
              ? { kind: 'proved' as const, text: 'failed on two machines' }
              : {
                  kind: 'unproved' as const,
                  text: 'only moa could build it, and it built nothing else',
                },
        }
      }),
    )
  })
}

/** A machine goes away in the middle: cells are lost, then built elsewhere, others are not built at all. */
async function loseMachine(): Promise<void> {
  await harness.electron.evaluate(() => {
    const run = slipwayBoss.run()
    const at = Date.now()
    const open = run.attempts.filter(({ end }) => end === 'open')
    const lost = open.filter(({ machine }) => machine === 2)
    const name = (machine: number) => run.machines[machine]?.name ?? ''
    const where = (cell: number) => ({ board: run.boards[cell]?.target ?? '', upto: 0 })
    slipwayBoss.tell([
      {
        at,
        type: 'machine-changed',
        machine: name(2),
        phase: 'lost',
        detail: 'no answer for 30 s',
      },
      ...lost.map(({ cell, slot }) => ({
        at,
        type: 'build-dropped' as const,
        ...where(cell),
        machine: name(2),
        slot,
        why: 'lost' as const,
        reason: 'no answer for 30 s',
      })),
      ...lost.slice(0, Math.ceil(lost.length / 2)).map(({ cell }) => ({
        at,
        type: 'build-finished' as const,
        ...where(cell),
        machine: name(1),
        slot: 0,
        outcome: 'ok' as const,
        reason: '',
        returnCode: 0,
        seconds: 12,
        errors: 0,
        warnings: 0,
        firstErrors: [],
        sizes: [],
        previously: false,
      })),
      ...open
        .filter(({ machine }) => machine === 0)
        .map(({ cell }) => ({
          at,
          type: 'build-finished' as const,
          ...where(cell),
          machine: '',
          slot: 0,
          outcome: 'not built' as const,
          reason: 'no toolchain for xtensa on any machine',
          returnCode: 0,
          seconds: 0,
          errors: 0,
          warnings: 0,
          firstErrors: [],
          sizes: [],
          previously: false,
        })),
    ])
  })
}

const [folder = '/tmp/slipway-looks', only] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const harness = await startHarness()
try {
  for (const look of looks.filter(({ name }) => !only || name.includes(only))) await take(look)
} finally {
  await harness.close()
}

async function take(look: Look): Promise<void> {
  const page = await harness.open({
    width: look.width,
    height: look.height,
    boss: {
      theme: look.theme,
      trees: look.tree ? ['/home/ada/u-boot'] : [],
      machines: look.machines,
      boards: look.boards,
      ...(look.elsewhere && { elsewhere: true }),
      ...(look.providers && { providers: true }),
    },
  })
  page.on('pageerror', (error) => console.error(`${look.name}: ${error.stack}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${look.name}: ${message.text()}`)
  })
  await page.waitForSelector('.frame')
  if (look.play) await harness.electron.evaluate((_, play) => slipwayBoss.play(play), look.play)
  await page.waitForTimeout(2500)
  await look.act?.(page)
  if (look.act) await page.waitForTimeout(700)
  await page.screenshot({ path: join(folder, `${look.name}.png`) })
  console.log(join(folder, `${look.name}.png`))
  await page.close()
}

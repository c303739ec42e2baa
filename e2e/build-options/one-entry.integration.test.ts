import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')

/** An entry such as anybody might add; nothing else in the copy of the program is changed. */
const entry = `
  paint: {
    kind: 'text',
    default: '',
    isGoal: false,
    maxLength: 10,
    placeholder: 'red',
    flag: { long: 'paint', value: 'COLOUR', group: 'How to build', help: 'paint the boards' },
    wire: 'paint_colour',
    shapesResults: true,
    buildmanWorker: 'ignored',
    section: 'Results',
    label: 'Paint',
    explanation: 'What colour the boards get.',
  },
} as const satisfies`

/** Uses the option in all places where an option is found; its types are checked, too. */
const looker = `
import { type BuildSettings, defaultBuildSettings } from './src-core/build-options/build-settings.ts'
import { settingsFingerprint } from './src-core/build-options/settings-fingerprint.ts'
import { buildSettings } from './src-core/build-options/settings-schema.ts'
import { beyondBuildman, buildmanSettings } from './src-main/boss/steps/buildman-worker.ts'
import { workerSettings } from './src-main/boss/steps/settings-for-worker.ts'
import { readFlags } from './src-main/cli/arguments/flags.ts'
import { helpText } from './src-main/cli/arguments/help.ts'
import { settingsOf } from './src-main/cli/arguments/request.ts'
import { shownOptions } from './src-renderer/settings/build-options.ts'
import { type WorkerSettings, settingsSchema } from './src-worker/protocol/worker-settings.ts'
import { settingsPage } from './scripts/docs/settings-page.ts'

const red: BuildSettings = { ...defaultBuildSettings, paint: 'red' }
const sent = workerSettings(red, '')
const received: WorkerSettings = settingsSchema.parse(sent)
const colour: string = received.paint_colour
const flags = readFlags(['--paint', 'red'])
const tooLong = { ...red, paint: 'x'.repeat(11) }
console.log(JSON.stringify({
  colour,
  typed: flags.ok && settingsOf(flags.value, 1, null).paint,
  help: helpText().includes('--paint COLOUR'),
  schema: [buildSettings.safeParse(red).success, buildSettings.safeParse(tooLong).success],
  wire: settingsSchema.safeParse({ paint_colour: tooLong.paint }).success,
  fingerprint: settingsFingerprint(red),
  plain: settingsFingerprint(defaultBuildSettings),
  beyond: beyondBuildman(sent, {}),
  buildman: 'paint_colour' in buildmanSettings(sent),
  dialog: shownOptions.filter(({ options }) => options.some(([, { label }]) => label === 'Paint')).length,
  docs: settingsPage().includes('--paint COLOUR'),
}))
`

let copy = ''
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'one-entry-'))
  const parts = [
    'src-core',
    'src-main',
    'src-worker',
    'src-preload',
    'src-renderer',
    'scripts/docs',
  ]
  for (const part of [...parts, 'package.json', 'tsconfig.base.json']) {
    await cp(join(root, part), join(copy, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  const table = join(copy, 'src-core/build-options/option-table.ts')
  const text = await readFile(table, 'utf8')
  await writeFile(
    table,
    text.replace('\n} as const satisfies', () => entry),
  )
  await writeFile(join(copy, 'look.ts'), looker)
  const compilerOptions = { types: ['node'], lib: ['ES2023', 'DOM'] }
  const config = { extends: './tsconfig.base.json', compilerOptions, files: ['look.ts'] }
  await writeFile(join(copy, 'tsconfig.json'), JSON.stringify(config))
})
afterAll(() => rm(copy, { recursive: true, force: true }))

test('an option that is added to the table is everywhere, and nothing else need be written', async () => {
  await run('npx', ['tsc', '-p', '.'], { cwd: copy })
  const { stdout } = await run('node', ['--import', 'tsx', 'look.ts'], { cwd: copy })
  expect(JSON.parse(stdout)).toEqual({
    colour: 'red',
    typed: 'red',
    help: true,
    schema: [true, false],
    wire: false,
    fingerprint: 'target= [] [] [] paint="red"',
    plain: 'target= [] [] []',
    beyond: ['--paint'],
    buildman: false,
    dialog: 1,
    docs: true,
  })
})

test('an entry that does not say whether it shapes results does not compile', async () => {
  const table = join(copy, 'src-core/build-options/option-table.ts')
  const text = await readFile(table, 'utf8')
  const at = text.lastIndexOf('    shapesResults: true,\n')
  await writeFile(table, text.slice(0, at) + text.slice(text.indexOf('\n', at) + 1))
  const failure = await run('npx', ['tsc', '-p', '.'], { cwd: copy }).catch(
    (error: { stdout: string }) => error.stdout,
  )
  await writeFile(table, text)
  expect(failure).toContain('shapesResults')
})

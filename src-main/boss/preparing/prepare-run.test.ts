import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultBuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { RunRequest } from '../../../src-core/model.ts'
import { testBoard } from '../../../src-core/run/test-run.ts'
import { BlobFiles } from '../../blobs/blob-files.ts'
import { MachineFleet } from '../../machines/fleet.ts'
import { MachineHues } from '../../machines/machine-hues.ts'
import { openRunIndex } from '../../results/run-index.ts'
import { noteSource } from './known-source.ts'
import { type BossDeps, prepareRun, readScope, recallScope } from './prepare-run.ts'

let dir = ''
let fleet: MachineFleet
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-prepare-'))
  const configFile = join(dir, 'buildman')
  await writeFile(configFile, '')
  fleet = new MachineFleet({
    configFile,
    connect: () => Promise.reject(new Error('there are no machines')),
    allowDifferentCompilers: false,
  })
  expect(await fleet.reload()).toMatchObject({ ok: true })
})
afterEach(async () => {
  await fleet.close()
  await rm(dir, { recursive: true })
})

function request(): RunRequest {
  return {
    treeDir: dir,
    outputDir: join(dir, 'out'),
    boards: [],
    commits: { kind: 'current' },
    distribute: false,
    useMachines: [],
    noLocal: false,
    settings: defaultBuildSettings,
  }
}

function deps(): BossDeps {
  return {
    fleet,
    known: new Map(),
    cacheDir: dir,
    stateDir: dir,
    index: openRunIndex(join(dir, 'history')),
    hues: new MachineHues(join(dir, 'machine-hues')),
    scanThread: '',
    boss: 'anna@desk',
    blobFiles: new BlobFiles(),
    saidBlobs: new Map(),
    notes: [],
    providerFor: () => {
      throw new Error('no provider is asked')
    },
    stepsFor: () => {
      throw new Error('no machine takes part')
    },
  }
}

test('a run that cannot be prepared says why, and gives the output folder back', async () => {
  const base = join(dir, 'out')
  // A file where the folder of the logs should be.
  await mkdir(join(base, '.slipway'), { recursive: true })
  await writeFile(join(base, '.slipway', 'runs'), '')
  const prepared = await prepareRun(
    {
      request: request(),
      boards: [],
      series: { commits: [], gitDir: join(dir, '.git'), notes: [], absentFiles: [] },
      place: { base, layout: 'subfolders' },
      blobs: { ofBoard: new Map(), planned: [], notes: [] },
      taking: [],
      providers: [],
      variant: {},
      notes: [],
    },
    deps(),
  )
  expect(prepared).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining(`${base} can't be used`) },
  })
  expect(await readdir(join(base, '.slipway'))).toEqual(['runs'])
})

test.each<[Partial<RunRequest>, string]>([
  [{ boards: ['snow', 'spring'] }, 'one board, not 2'],
  [{ boards: ['snow'], commits: { kind: 'branch', branch: 'main' } }, 'the current source'],
  [{ boards: ['snow'], distribute: true }, 'builds here'],
  [{ boards: ['snow'], useMachines: ['moa'] }, 'builds here'],
])(
  'the output folder itself takes one build of this computer, whoever asks: %j',
  async (asked, why) => {
    const wanted: RunRequest = { ...request(), layout: 'in the output folder', ...asked }
    expect(await readScope(wanted, deps(), {})).toMatchObject({
      ok: false,
      problem: { what: expect.stringContaining(why) },
    })
  },
)

test('a request is understood at once from what is known of its tree, and not before any of it is', async () => {
  const known = deps()
  const asked: RunRequest = { ...request(), boards: ['snow'] }
  expect(await recallScope(asked, known)).toBeNull()
  noteSource(known.known, asked, {
    listed: {
      boards: [testBoard('snow')],
      extended: [],
      extendedProblem: '',
      notes: [],
      warnings: [],
      targetWarnings: [],
      deviceTrees: {},
      blobSymbols: {},
    },
    series: { commits: [], gitDir: '', notes: ['as it was'], absentFiles: [] },
    needs: new Map(),
  })
  const scope = await recallScope(asked, known)
  expect(scope).toMatchObject({ ok: true, value: { notes: ['as it was'] } })
  const gone = await recallScope({ ...asked, boards: ['snow', 'rpi'] }, known)
  expect(gone).toMatchObject({ ok: false, problem: { what: 'The tree has no board rpi' } })
})

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../../src-core/build-options/build-settings.ts'
import { MachineFleet } from '../../machines/fleet.ts'
import { MachineHues } from '../../machines/machine-hues.ts'
import { openRunIndex } from '../../results/run-index.ts'
import { prepareRun } from './prepare-run.ts'

test('a run that cannot be prepared says why, and gives the output folder back', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-prepare-'))
  const base = join(dir, 'out')
  const configFile = join(dir, 'buildman')
  await writeFile(configFile, '')
  const fleet = new MachineFleet({
    configFile,
    connect: () => Promise.reject(new Error('there are no machines')),
    allowDifferentCompilers: false,
  })
  expect(await fleet.reload()).toMatchObject({ ok: true })
  // A file where the folder of the logs should be.
  await mkdir(join(base, '.slipway'), { recursive: true })
  await writeFile(join(base, '.slipway', 'runs'), '')
  const commits = { kind: 'current' } as const
  const prepared = await prepareRun(
    {
      request: {
        treeDir: dir,
        outputDir: base,
        boards: [],
        commits,
        distribute: false,
        useMachines: [],
        noLocal: false,
        settings: defaultBuildSettings,
      },
      boards: [],
      series: { commits: [], gitDir: join(dir, '.git'), notes: [], absentFiles: [] },
      place: { base, layout: 'subfolders' },
      taking: [],
      notes: [],
    },
    {
      fleet,
      cacheDir: dir,
      stateDir: dir,
      index: openRunIndex(join(dir, 'history')),
      hues: new MachineHues(join(dir, 'machine-hues')),
      scanThread: '',
      boss: 'anna@desk',
      notes: [],
      stepsFor: () => {
        throw new Error('no machine takes part')
      },
    },
  )
  expect(prepared).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining(`${base} can't be used`) },
  })
  expect(await readdir(join(base, '.slipway'))).toEqual(['runs'])
  await fleet.close()
  await rm(dir, { recursive: true })
})

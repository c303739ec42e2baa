import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LOCAL, type MachineConfig } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import type { Fleet } from '../../machines/fleet.ts'
import { createStatusOf } from '../../machines/fresh-probe.ts'
import type { MachineSteps, SourceOfRun, WorkerStart } from '../machine-steps.ts'
import type { WorkerPipe } from '../worker-link/worker-pipe.ts'
import { createWorkFolders } from './work-folder.ts'

export type LocalStepsOptions = {
  readonly fleet: Fleet
  readonly cacheDir: string
  readonly boss: string
  readonly ifBusy: MachineConfig['ifBusy']
  /** Starts the bundled worker beside this process. */
  readonly startLocalWorker: () => Promise<WorkerPipe>
}

/** The steps of this computer: the worker is here, and so are the commits. */
export function localSteps(options: LocalStepsOptions, source: SourceOfRun): MachineSteps {
  const { fleet, cacheDir, boss, ifBusy } = options
  const folders = createWorkFolders({ boss, treeDir: source.treeDir, machine: LOCAL, ifBusy })
  return {
    probe: createStatusOf(fleet, LOCAL),
    toolchains: () => fleet.toolchainsOf(LOCAL),
    async provision() {
      const facts = fleet.statuses().find(({ config }) => config.name === LOCAL)?.facts
      if (!facts) throw new Error('this computer was not probed')
      return ok({ command: '', workDir: join(cacheDir, 'work', folders.path(facts)) })
    },
    pushSource: (start) => borrowObjects(start, source.gitDir),
    startWorker: () => options.startLocalWorker(),
    moveToAnotherFolder: folders.another,
  }
}

/** A repository that has nothing of its own and sees every object of the boss's. */
async function borrowObjects({ workDir }: WorkerStart, gitDir: string): Promise<Result<void>> {
  const repository = join(workDir, 'repo.git')
  await mkdir(join(repository, 'objects', 'info'), { recursive: true })
  await mkdir(join(repository, 'refs', 'heads'), { recursive: true })
  // The object format is the user's repository's, so the settings are, too.
  await copyFile(join(gitDir, 'config'), join(repository, 'config'))
  await writeFile(join(repository, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(
    join(repository, 'objects', 'info', 'alternates'),
    `${JSON.stringify(join(gitDir, 'objects'))}\n`,
  )
  return ok(undefined)
}

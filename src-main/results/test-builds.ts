import type { Commit } from '../../src-core/model.ts'
import type { FinishedBuild, OwnFacts } from './board-files.ts'

/** A commit for tests; its hash is the letter forty times. */
export function commit(upto: number, letter: string, subject = 'A change'): Commit {
  return { upto, hash: letter.repeat(40), subject, author: 'A', currentSource: false }
}

export const currentSource: Commit = { ...commit(0, 'e', 'current source'), currentSource: true }

const own: OwnFacts = {
  runId: 'run-1',
  hash: 'a'.repeat(40),
  settings: 'target=',
  attempt: 1,
  seconds: 1.5,
  cpuSeconds: 1.2,
  finishedAt: 1_700_000_000_000,
  fromScratch: true,
  reason: '',
}

/** A build that went well, but for what is given. */
export function finished(
  change: Partial<Omit<FinishedBuild, 'own'>> & { readonly own?: Partial<OwnFacts> } = {},
): FinishedBuild {
  return {
    returnCode: 0,
    stdout: '',
    stderr: '',
    machine: 'local',
    sizes: ' 200780\t   7960\t      0\t 208740\t  32f64\tu-boot 000080eb',
    outCmd: 'make -s x_defconfig\nmake -s\n',
    outEnv: 'LC_ALL="C"\n',
    toolchain: { gcc: '/usr/bin/arm-gcc', path: '/usr/bin', cross: 'arm-', arch: 'arm' },
    files: { 'u-boot.sizes': '00000010 T main\n' },
    ...change,
    own: { ...own, ...change.own },
  }
}

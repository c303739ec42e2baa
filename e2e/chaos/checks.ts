import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { finishedBuilds, type RunState } from '../../src-core/run/run-state.ts'
import type { Host } from '../lab/host.ts'
import type { World } from './world.ts'

/** Seconds after the end of a run by which nothing may run on any host. */
const quietWithin = 60

/** What is wrong with the outcomes of a run; empty if all is well. */
export function checkOutcomes(state: RunState, expected: { readonly allBuilt: boolean }): string[] {
  const total = state.boards.length * state.commits.length
  const complaints: string[] = []
  if (finishedBuilds(state) !== total) {
    complaints.push(`${finishedBuilds(state)} of ${total} builds have their outcome`)
  }
  const { ok, 'not built': notBuilt, failed } = state.counts
  if (expected.allBuilt && ok !== total) {
    const [cell] = [...state.details.keys()]
    const reason = cell === undefined ? '' : state.details.get(cell)?.reason
    complaints.push(`${ok} ok, ${failed} failed, ${notBuilt} not built of ${total}: ${reason}`)
  }
  const right = state.cancelled ? 1 : failed + notBuilt > 0 ? 100 : 0
  if (state.exitCode !== right) complaints.push(`exit code ${state.exitCode}, not ${right}`)
  if (state.finishedAt === 0) complaints.push('the run was never said to be over')
  return complaints
}

/** Results on disk that are missing, or tell of another board or another commit. */
export async function checkResults(world: World, outputDir: string): Promise<string[]> {
  const folders = (await readdir(outputDir)).filter((name) => /^\d+_g/.test(name)).sort()
  const complaints: string[] = []
  if (folders.length !== world.points) complaints.push(`commit folders: ${folders.join(' ')}`)
  for (const [index, folder] of folders.entries()) {
    for (const board of world.boards) {
      const read = (name: string) =>
        readFile(join(outputDir, folder, board, name), 'utf8').catch(() => 'missing')
      const [done, log] = [await read('done'), await read('log')]
      const wanted = `built ${board} at point ${index + 1}`
      if (done.trim() !== '0')
        complaints.push(`${folder}/${board}: done ${done}, err ${await read('err')}`)
      else if (!log.includes(wanted)) {
        const [host, commands] = [await read('host'), await read('out-cmd')]
        const instead = JSON.stringify({ log, host, commands })
        complaints.push(`${folder}/${board}: no "${wanted}" in its log: ${instead}`)
      }
    }
  }
  return complaints.slice(0, 5)
}

/** Processes and locks that are left on hosts a minute after the end. */
export async function checkQuiet(hosts: readonly Host[]): Promise<string[]> {
  const until = Date.now() + quietWithin * 1000
  for (;;) {
    const left = (await Promise.all(hosts.map(leftOn))).flat()
    if (left.length === 0 || Date.now() > until) return left
    await sleep(250)
  }
}

async function leftOn(host: Host): Promise<string[]> {
  const processes = await host.processes()
  const locks = (await Promise.all([host.tmp, host.run].map(locksBelow))).flat()
  return [
    ...processes.map(({ pid, command }) => `${host.name}: process ${pid} is left: ${command}`),
    ...locks.map((lock) => `${host.name}: ${lock} is left`),
  ]
}

async function locksBelow(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => [])
  return names.filter((name) => /worker-[0-9a-f]+\.lock$/.test(name))
}

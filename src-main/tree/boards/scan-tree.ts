/** A tree's boards, from the cache where it knows them. Reads synchronously: for a thread of its own. */
import { statSync } from 'node:fs'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { KconfigError } from '../kconfig/kconfig-error.ts'
import { openTree, type TreeFiles } from '../tree-files.ts'
import {
  type BoardSources,
  findBoardSources,
  makeBoardList,
  type TreeBoards,
} from './board-list.ts'
import { contentKey, openBoardsCache } from './boards-cache.ts'

/**
 * @param cacheDir where the app keeps what can be made again
 * @param onAccess told whenever the tree is looked at
 */
export function scanTree(
  treeDir: string,
  cacheDir: string,
  onAccess: () => void = () => {},
): Result<TreeBoards> {
  const cache = openBoardsCache(cacheDir)
  const untouched = cache.ifUntouched(treeDir)
  if (untouched !== null) return ok(untouched)
  if (!statSync(treeDir, { throwIfNoEntry: false })?.isDirectory()) {
    return fail(`There is no folder ${treeDir}.`)
  }

  const scanStart = Date.now()
  const files = openTree(treeDir, onAccess)
  const sources = findBoardSources(files)
  const foreign = whyForeign(treeDir, files, sources)
  if (foreign !== null) return fail(foreign, 'Choose the top folder of a U-Boot source tree.')
  const named = new Set(Object.values(sources).flat())
  for (const file of named) files.read(file)
  const key = contentKey(files)
  try {
    const known = cache.ifKnown(files, key)
    const result = known ?? makeBoardList(files, sources)
    if (known === null) cache.keepResult(files, named, key, result)
    cache.keepStamps(treeDir, files, key, scanStart)
    return ok(result)
  } catch (error) {
    const reason = explain(error)
    if (reason === null) throw error
    return fail(`The boards of ${treeDir} cannot be listed. ${reason}`)
  }
}

/** Why the folder is no tree whose boards could be listed, in words; null for one that is. */
function whyForeign(treeDir: string, files: TreeFiles, sources: BoardSources): string | null {
  if (sources.defconfigs.length === 0) {
    const elsewhere = files.list('').links.includes('configs')
    const why = elsewhere && files.realFolder('configs') === null
    const leads = why ? ' (`configs` is a link that leads out of it)' : ''
    return `${treeDir} has no configs/*_defconfig${leads}, so it has no boards.`
  }
  if (files.read('Kconfig') !== null) return null
  const other =
    files.read('Config.in') !== null ? ' (it has Config.in, as Buildroot and BusyBox)' : ''
  return `${treeDir} has no Kconfig that can be read${other}, so it is no tree that can be built.`
}

function explain(error: unknown): string | null {
  if (error instanceof KconfigError) return error.message
  // What parser and evaluator throw where a tree nests a thousand times deeper than any real one.
  return error instanceof RangeError ? 'Its Kconfig expressions are nested too deeply.' : null
}

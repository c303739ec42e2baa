import { basename, resolve } from 'node:path'
import { ok, type Result } from '../../src-core/result.ts'
import type { TreeInfo } from '../../src-preload/contract.ts'
import { knownInputs } from '../results/known-inputs.ts'
import { listBoards } from '../tree/boards/list-boards.ts'
import { touchedBoards } from '../tree/boards/touched-boards.ts'
import { readCommits } from '../tree/commits.ts'
import { branches, inspectTree, uncommittedFiles } from '../tree/inspect-tree.ts'
import { ensureSampleTree } from '../tree/sample-tree.ts'
import type { Handlers } from './request-router.ts'

export type TreeHandlersOptions = {
  readonly cacheDir: string
  readonly scanThread: string | URL
  /** The sample tree's files, and where its repository is made. */
  readonly sampleResources: string
  readonly sampleDir: string
}

type TreeRequest = 'tree:sample' | 'tree:open' | 'tree:boards' | 'tree:commits' | 'tree:touched'

/** Answers about source trees. */
export function treeHandlers(options: TreeHandlersOptions): Handlers<TreeRequest> {
  const { cacheDir, scanThread, sampleResources, sampleDir } = options
  return {
    'tree:sample': async () => {
      const made = await ensureSampleTree(sampleResources, sampleDir)
      return made.ok ? ok(sampleDir) : made
    },
    'tree:open': ({ dir }) => describeTree(resolve(dir), cacheDir),
    'tree:boards': async ({ dir }) => {
      const listed = await listBoards(resolve(dir), { cacheDir, threadFile: scanThread })
      if (!listed.ok) return listed
      const { boards, notes, warnings } = listed.value
      return ok({ boards, warnings: [...notes, ...warnings] })
    },
    'tree:commits': async ({ dir, choice }) => {
      const series = await readCommits(resolve(dir), choice, { cacheDir })
      if (!series.ok) return series
      const { commits, notes } = series.value
      return ok({ commits, notes })
    },
    'tree:touched': async ({ dir, outputDir }) => {
      const listed = await listBoards(resolve(dir), { cacheDir, threadFile: scanThread })
      if (!listed.ok) return listed
      const all = listed.value.boards.map(({ target }) => target)
      const builtFrom = await knownInputs(outputDir, all)
      const touched = await touchedBoards(resolve(dir), listed.value, { cacheDir }, builtFrom)
      if (!touched.ok) return touched
      const { targets, known } = touched.value
      return ok({ targets: [...targets], known: known.length })
    },
  }
}

async function describeTree(dir: string, cacheDir: string): Promise<Result<TreeInfo>> {
  const facts = await inspectTree(dir)
  if (!facts.ok) return facts
  const { version, head } = facts.value
  const tree = { dir, name: basename(dir), version }
  if (head === null) return ok({ ...tree, git: null })
  const [changed, known] = await Promise.all([uncommittedFiles(dir, { cacheDir }), branches(dir)])
  if (!changed.ok) return changed
  if (!known.ok) return known
  return ok({
    ...tree,
    git: {
      branch: head.branch ?? '',
      hash: head.hash,
      subject: head.subject,
      changedFiles: changed.value.length,
      branches: known.value.map(({ name, upstream }) => ({ name, upstream: upstream ?? '' })),
    },
  })
}

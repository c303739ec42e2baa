import { join } from 'node:path'
import type { BadRule } from '../../../src-core/bisect/bad-rule.ts'
import type { WantedTest } from '../../../src-core/bisect/culprit-search.ts'
import type { Finding } from '../../../src-core/bisect/culprit-stand.ts'
import { OWN_FOLDER } from '../../../src-core/build/folder-names.ts'
import type { RunRequest } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import { runningIn } from '../../results/output-lock.ts'
import type { Boss, StartedOnDemand } from '../boss.ts'
import type { RunOnDemand } from '../driving/run-under-way.ts'
import type { ListedBoards } from '../preparing/prepare-run.ts'
import type { KnownBuilds } from './known-builds.ts'
import { type FoundBuild, notBuilt, readTestedBuild } from './read-tested-build.ts'

export type ConfirmationRequest = {
  /** That of the search. */
  readonly request: RunRequest
  /** Where the search has its results. */
  readonly base: string
  /** Where the caller has just read the tree. */
  readonly listed: ListedBoards | undefined
  readonly rule: BadRule
  readonly wanted: readonly WantedTest[]
  readonly builds: KnownBuilds
  readonly signal: AbortSignal
  /** What a build says, as soon as it is there. */
  readonly tell: (board: string, upto: number, finding: Finding) => void
}

function againFolder(base: string): string {
  return join(base, OWN_FOLDER, 'again')
}

/** Whether a program does this search now, whose builds lie in `base`. */
export async function isUnderWay(base: string, runId: string): Promise<boolean> {
  return (await runningIn(base)) === runId || (await runningIn(againFolder(base))) !== ''
}

/** Makes machines ready for it, in a folder of its own below that of the search. */
export async function startConfirmation(
  boss: Boss,
  asked: ConfirmationRequest,
): Promise<Result<Confirmation>> {
  const { request, listed, signal } = asked
  const boards = [...new Set(asked.wanted.map(({ board }) => board))]
  const chosen = listed?.boards.filter(({ target }) => boards.includes(target))
  const started = await boss.startOnDemand(
    {
      ...request,
      boards,
      // A proof is what was built for it.
      settings: { ...request.settings, buildUnaffected: true },
      outputDir: againFolder(asked.base),
    },
    {
      ...{ signal, variant: { unlisted: true } },
      ...(listed && chosen && { listed: { ...listed, boards: chosen } }),
    },
  )
  return started.ok ? ok(new Confirmation(asked, started.value)) : started
}

/** Builds culprits and their parents once more, on other machines where there are some. */
export class Confirmation {
  private readonly asked: ConfirmationRequest
  private readonly started: StartedOnDemand
  /** Board and commit of what is still to come. */
  private readonly left: Set<string>
  private readonly machines = new Map<string, string>()

  constructor(asked: ConfirmationRequest, started: StartedOnDemand) {
    this.asked = asked
    this.started = started
    this.left = new Set(asked.wanted.map(({ board, commit }) => `${board}\n${commit}`))
  }

  get run(): RunOnDemand {
    return this.started.run
  }

  /** The machine that built it again; empty where none did. */
  machineOf(board: string, upto: number): string {
    return this.machines.get(`${board}\n${upto}`) ?? ''
  }

  /** Settles when all is built, or the run was ended. */
  async build(): Promise<void> {
    const { run, prepared } = this.started
    const { wanted, builds } = this.asked
    run.onKept((board, upto) => void this.read(board, upto))
    run.onEvent((event) => {
      if (event.type === 'build-finished' && event.outcome === 'not built')
        this.take(event.board, event.upto, notBuilt)
    })
    run.want(
      wanted.map(({ board, commit }) => {
        const machine = builds.at(board, commit)?.machine ?? ''
        return { board, upto: commit, notOn: machine === '' ? [] : [machine] }
      }),
    )
    // Of a search that was broken off while it did this.
    for (const { board, upto } of prepared.resume.done) await this.read(board, upto)
    await run.finished
  }

  private async read(board: string, upto: number): Promise<void> {
    const { commits, store } = this.started.prepared
    const commit = commits[upto]
    const dir = commit ? store.boardDir(board, commit) : ''
    const { rule, signal } = this.asked
    const build = await readTestedBuild(dir, board, rule, { signal }).catch(() => null)
    this.take(board, upto, build ?? notBuilt)
  }

  private take(board: string, upto: number, build: FoundBuild): void {
    const key = `${board}\n${upto}`
    if (!this.left.delete(key)) return
    this.machines.set(key, build.machine)
    this.asked.tell(board, upto, this.asked.builds.judgeAgain(board, upto, build))
    if (this.left.size === 0) this.run.finish('it was not needed to confirm the commit')
  }
}

import { join } from 'node:path'
import { compareBuilds } from '../../../src-core/alike/compare-builds.ts'
import type {
  CauseProof,
  ComparedBuild,
  ComparisonState,
  MachineDifference,
} from '../../../src-core/alike/comparison-state.ts'
import { findTwins, groupsOfLikes, type Twins } from '../../../src-core/alike/twins.ts'
import { type Deferred, deferred } from '../../../src-core/basics/deferred.ts'
import { OWN_FOLDER } from '../../../src-core/build/folder-names.ts'
import type { Commit, RunRequest } from '../../../src-core/model.ts'
import { fail, ok, problemText, type Result } from '../../../src-core/result.ts'
import { messageOf } from '../../error-text.ts'
import { resultPlace } from '../../results/output-layout.ts'
import type { Boss } from '../boss.ts'
import type { ListedBoards } from '../preparing/prepare-run.ts'
import {
  buildOnMachine,
  type MachineBuilds,
  type MachineChange,
  type MadeBuild,
} from './build-on-machine.ts'
import { type AlikeWay, ownCompilers } from './make-alike.ts'
import { causesBetween, proveCause, unlikeItself } from './prove-cause.ts'

export type ComparisonRequest = {
  /** Its newest commit is built, or the current source. */
  readonly request: RunRequest
  /** The boards of the request. */
  readonly listed: ListedBoards
  readonly machines: readonly string[]
  /** Ends the comparison: what is being built is given up. */
  readonly signal: AbortSignal
}

/** Starts a comparison; needs two machines at least. */
export function compareMachines(boss: Boss, asked: ComparisonRequest): Result<MachineComparison> {
  const { machines, listed } = asked
  if (new Set(machines).size < 2) {
    return fail(
      `A comparison needs two machines, not ${machines.length}`,
      'Name them with --use-machines A,B, or add some to [machines] in ~/.buildman',
    )
  }
  if (listed.boards.length === 0) return fail('No boards are selected')
  const comparison = new MachineComparison(boss, asked)
  void comparison.begin()
  return ok(comparison)
}

/** Builds the same on several machines, compares, and looks for the cause where they differ. */
export class MachineComparison {
  private readonly boss: Boss
  private readonly asked: ComparisonRequest
  private readonly folder: string
  private readonly listeners = new Set<() => void>()
  private readonly end: Deferred<ComparisonState> = deferred()
  /** By machine and board. */
  private readonly builds = new Map<string, ComparedBuild>()
  private made = new Map<string, MadeBuild>()
  private commit: Commit | null = null
  private phase: ComparisonState['phase'] = 'building'
  private differences: readonly MachineDifference[] = []
  private twins: readonly Twins[] = []
  private problem = ''

  constructor(boss: Boss, asked: ComparisonRequest) {
    this.boss = boss
    this.asked = asked
    this.folder = join(resultPlace(asked.request).base, OWN_FOLDER, 'compared')
    for (const machine of asked.machines) {
      for (const { target: board } of asked.listed.boards) {
        const build = { machine, board, outcome: null, reason: '', images: '' }
        this.builds.set(`${machine}\n${board}`, build)
      }
    }
  }

  /** Settles when all is known that can be found out. */
  get finished(): Promise<ComparisonState> {
    return this.end.promise
  }

  get state(): ComparisonState {
    const { machines, listed } = this.asked
    return {
      commit: this.commit,
      boards: listed.boards.map(({ target, arch }) => ({ board: target, arch })),
      machines,
      phase: this.phase,
      builds: [...this.builds.values()],
      differences: this.differences,
      twins: this.twins,
      folder: this.folder,
      problem: this.problem,
    }
  }

  /** Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async begin(): Promise<void> {
    try {
      await this.buildEverywhere()
      this.compareAll()
      this.tellChange('proving')
      await this.proveAll()
    } catch (error) {
      this.problem = messageOf(error)
    }
    if (this.asked.signal.aborted) this.problem = 'stopped'
    this.tellChange('over')
    this.end.resolve(this.state)
  }

  private tellChange(phase: ComparisonState['phase'] = this.phase): void {
    this.phase = phase
    for (const listener of this.listeners) listener()
  }

  private async buildEverywhere(): Promise<void> {
    const { machines, listed } = this.asked
    const built = await Promise.all(
      machines.map((machine) =>
        this.buildOn(machine, listed, 'first', {}, (board, outcome, reason) => {
          this.builds.set(`${machine}\n${board}`, { machine, board, outcome, reason, images: '' })
          this.tellChange()
        }),
      ),
    )
    const [first] = built
    this.commit = first?.commit ?? null
    if (built.some(({ commit }) => commit.hash !== first?.commit.hash))
      throw new Error('the source was changed while it was built: compare again')
    for (const { builds } of built) {
      for (const build of builds) {
        const { machine, board, outcome, reason, images } = build
        this.made.set(`${machine}\n${board}`, build)
        this.builds.set(`${machine}\n${board}`, { machine, board, outcome, reason, images })
      }
    }
  }

  private async buildOn(
    machine: string,
    listed: ListedBoards,
    what: string,
    change: MachineChange,
    onFinished: (board: string, outcome: MadeBuild['outcome'], reason: string) => void = () => {},
  ): Promise<MachineBuilds> {
    const { request, signal } = this.asked
    signal.throwIfAborted()
    const usual = { compilersOf: (name: string) => ownCompilers(this.boss.fleet, name) }
    const built = await buildOnMachine(this.boss, {
      ...{ request, listed, machine, signal, onFinished },
      folder: join(this.folder, what),
      change: { ...change, variant: { ...usual, ...change.variant } },
    })
    if (built.ok) return built.value
    throw new Error(problemText(built.problem))
  }

  /** One machine of each group of likes with one of the largest group, and the likes among themselves. */
  private compareAll(): void {
    const made = [...this.made.values()]
    this.twins = findTwins(made.map((build) => ({ ...build, images: build.images || null })))
    this.differences = this.asked.listed.boards.flatMap(({ target }) => {
      const its = made.filter(({ board, images }) => board === target && images !== '')
      const groups = groupsOfLikes(its, ({ images }) => images)
      const [largest, ...others] = groups
      const first = largest?.[0]
      if (!first) return []
      return [
        ...others.flatMap(([other]) => (other ? this.compareTwo(first, other) : [])),
        ...groups.flatMap(([one, ...likes]) =>
          likes.flatMap((like) => (one ? this.compareTwo(one, like) : [])),
        ),
      ]
    })
  }

  private compareTwo(first: MadeBuild, other: MadeBuild): MachineDifference[] {
    const comparison = compareBuilds(first.files, other.files)
    if (comparison.verdict === 'same' && comparison.beside === 0) return []
    const { settings } = this.asked.request
    const causes = causesBetween(first, other, comparison, settings)
    const proof = comparison.verdict === 'different' ? null : noNeed
    const machines = [first.machine, other.machine] as const
    return [{ board: first.board, machines, comparison, causes, proof }]
  }

  private async proveAll(): Promise<void> {
    const open = this.differences.filter(({ proof }) => proof === null)
    if (open.length === 0) return
    const again = await this.buildAgain(open)
    for (const difference of open) {
      const proved = await this.prove(difference, again)
      this.differences = this.differences.map((one) => (one === difference ? proved : one))
      this.tellChange()
    }
  }

  /** All that differs once more where it was built, since what differs from itself says nothing of machines. */
  private async buildAgain(
    open: readonly MachineDifference[],
  ): Promise<ReadonlyMap<string, MadeBuild>> {
    const machines = [...new Set(open.flatMap((one) => one.machines))]
    const built = await Promise.all(
      machines.map((machine) => {
        const its = open.filter((one) => one.machines.includes(machine))
        return this.buildOn(machine, this.onlyBoards(its.map(({ board }) => board)), 'again', {})
      }),
    )
    const builds = built.flatMap((one) => one.builds)
    return new Map(builds.map((build) => [`${build.machine}\n${build.board}`, build]))
  }

  private async prove(
    difference: MachineDifference,
    again: ReadonlyMap<string, MadeBuild>,
  ): Promise<MachineDifference> {
    const { board, machines } = difference
    const [one, other] = machines.map((machine) => this.made.get(`${machine}\n${board}`))
    if (!one || !other) return difference
    for (const first of [one, other]) {
      const second = again.get(`${first.machine}\n${board}`)
      const proof = second ? unlikeItself(first, second) : null
      if (proof) return { ...difference, proof }
    }
    const { request, listed } = this.asked
    return proveCause({
      difference,
      made: [one, other],
      arch: listed.boards.find(({ target }) => target === board)?.arch ?? '',
      settings: request.settings,
      fleet: this.boss.fleet,
      buildBoth: (way) => this.buildBoth(difference, way),
    })
  }

  private async buildBoth(
    { board, machines }: MachineDifference,
    { changes }: AlikeWay,
  ): Promise<readonly (MadeBuild | undefined)[]> {
    const listed = this.onlyBoards([board])
    const built = await Promise.all(
      machines.map((machine, at) => this.buildOn(machine, listed, 'alike', changes[at] ?? {})),
    )
    return built.map(({ builds }) => builds[0])
  }

  private onlyBoards(names: readonly string[]): ListedBoards {
    const { listed } = this.asked
    return { ...listed, boards: listed.boards.filter(({ target }) => names.includes(target)) }
  }
}

const noNeed: CauseProof = {
  kind: 'none',
  text: 'the images are the same, so it was not built again',
}

/**
 * The search for a commit in simulated time, with the strategy that the boss uses: how long it takes on 16
 * machines beside one test after the other on the fastest of them, and what fifty boards with two causes
 * cost beside fifty with one. Each machine builds one commit at a time with all of its cores; builds differ
 * by 20 %, and one that fails ends half way. Nothing here waits. npm run bench bisect
 */
import { Ancestry } from '../src-core/bisect/ancestry.ts'
import { CulpritSearch } from '../src-core/bisect/culprit-search.ts'
import { seededRandom } from '../src-main/boss/scheduling/simulation/made-up-boards.ts'
import { SimulatedTime } from '../src-main/boss/scheduling/simulation/simulated-time.ts'

const commits = 1000
const buildMs = 60_000
const seeds = Array.from({ length: 40 }, (_, index) => index + 1)

type Searched = {
  readonly found: number
  readonly wall: number
  readonly builds: number
  readonly work: number
}
type Job = { readonly key: string; cancelled: boolean; readonly began: number }

/** Where each board broke, and how quick each machine is (the fastest: 1). */
type Farm = {
  readonly culprits: ReadonlyMap<string, number>
  readonly rates: readonly number[]
  readonly random: () => number
}

class SimulatedSearch {
  private readonly time = new SimulatedTime()
  private readonly search: CulpritSearch
  private readonly farm: Farm
  private readonly busy = new Map<number, Job>()
  private wall = 0
  private found = 0
  private builds = 0
  private work = 0

  constructor(farm: Farm) {
    this.farm = farm
    const parents = Array.from({ length: commits + 1 }, (_, at) => (at === 0 ? [] : [at - 1]))
    this.search = new CulpritSearch(new Ancestry(parents), [...farm.culprits.keys()])
    // The red cells are there already.
    for (const [board, culprit] of farm.culprits) {
      this.search.tell(board, commits, 'bad', `cause ${culprit}`)
    }
  }

  run(): Searched {
    this.give(0)
    this.time.pass(1e12)
    if (!this.search.isOver) throw new Error('the search is stuck')
    const { found, wall, builds, work } = this
    return { found, wall, builds, work }
  }

  private give(now: number): void {
    const wanted = this.search.want(this.farm.rates.length)
    const keys = new Set(wanted.map(({ board, commit, again }) => `${board} ${commit} ${again}`))
    for (const [machine, job] of this.busy) {
      if (keys.delete(job.key)) continue
      job.cancelled = true
      this.busy.delete(machine)
      this.work += now - job.began
    }
    for (const build of wanted) {
      const key = `${build.board} ${build.commit} ${build.again}`
      const free = this.farm.rates.findIndex((_, machine) => !this.busy.has(machine))
      if (free < 0 || !keys.has(key)) continue
      this.start(free, build, key, now)
    }
  }

  private start(
    machine: number,
    { board, commit, again }: { board: string; commit: number; again: boolean },
    key: string,
    now: number,
  ): void {
    const { culprits, rates, random } = this.farm
    const job: Job = { key, cancelled: false, began: now }
    this.busy.set(machine, job)
    this.builds += 1
    const isBad = commit >= (culprits.get(board) ?? 0)
    const ms = durationOf(isBad, random) / (rates[machine] ?? 1)
    this.time.at(now + ms, (later) => {
      if (job.cancelled) return
      this.busy.delete(machine)
      this.wall = later
      if (!again) this.found = later
      this.work += later - now
      if (again) this.search.tellAgain(board, commit, isBad ? 'bad' : 'good')
      else this.search.tell(board, commit, isBad ? 'bad' : 'good')
      this.give(later)
    })
  }
}

function durationOf(isBad: boolean, random: () => number): number {
  return buildMs * (0.8 + 0.4 * random()) * (isBad ? 0.5 : 1)
}

/** One test after the other, on the fastest machine; nothing is confirmed. */
function oneByOne(culprit: number, random: () => number): number {
  let good = 0
  let bad = commits
  let wall = 0
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    const isBad = middle >= culprit
    wall += durationOf(isBad, random)
    if (isBad) bad = middle
    else good = middle
  }
  return wall
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** The fastest first, the slowest at `slowest` of its speed. */
function ratesOf(machines: number, slowest: number): number[] {
  return Array.from({ length: machines }, (_, at) => 1 - ((1 - slowest) * at) / (machines - 1))
}

for (const slowest of [1, 0.5]) {
  const searches = seeds.map((seed) => {
    const random = seededRandom(seed)
    const culprit = 1 + Math.floor(random() * commits)
    const rates = ratesOf(16, slowest)
    const searched = new SimulatedSearch({
      culprits: new Map([['b', culprit]]),
      rates,
      random,
    }).run()
    const alone = oneByOne(culprit, random)
    return { ...searched, foundIn: searched.found / alone, confirmedIn: searched.wall / alone }
  })
  console.log(`1,000 commits, 16 machines, the slowest at ${slowest} of the fastest:`)
  console.log(
    `  found in ${mean(searches.map(({ foundIn }) => foundIn)).toFixed(2)} of one after the other`,
  )
  console.log(`  confirmed in ${mean(searches.map((one) => one.confirmedIn)).toFixed(2)}`)
  console.log(`  builds begun: ${mean(searches.map(({ builds }) => builds)).toFixed(0)}`)
}

function boardsWith(causes: readonly number[], split: number, random: () => number): Searched {
  const boards = Array.from({ length: 50 }, (_, at): [string, number] => [
    `b${at}`,
    causes[at < split ? 0 : 1] ?? 0,
  ])
  return new SimulatedSearch({ culprits: new Map(boards), rates: ratesOf(16, 0.5), random }).run()
}

const costs = seeds.map((seed) => {
  const random = seededRandom(seed)
  const causes = [random, random].map((next) => 1 + Math.floor(next() * commits))
  const one = boardsWith(causes, 50, random)
  const two = boardsWith(causes, 48, random)
  return { work: two.work / one.work, wall: two.wall / one.wall }
})
console.log('50 boards with two causes / with one:')
console.log(`  work: ${mean(costs.map(({ work }) => work)).toFixed(2)}`)
console.log(`  wall: ${mean(costs.map(({ wall }) => wall)).toFixed(2)}`)

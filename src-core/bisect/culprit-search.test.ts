import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ancestry } from './ancestry.ts'
import { type Answer, CulpritSearch } from './culprit-search.ts'
import type { Finding } from './culprit-stand.ts'

/** What is true of the boards of a history, and how builds tell it. */
type World = {
  readonly parents: readonly (readonly number[])[]
  readonly boards: readonly string[]
  readonly isBad: (board: string, commit: number) => boolean
  readonly isSkipped?: (board: string, commit: number) => boolean
  /** The first build of it says the contrary. */
  readonly isFlaky?: (board: string, commit: number) => boolean
  readonly causeOf?: (board: string) => string
}

/** Searches in rounds: each one waits for all results. */
function searchIn(world: World, places: number) {
  const search = new CulpritSearch(new Ancestry(world.parents), world.boards)
  let rounds = 0
  let builds = 0
  while (!search.isOver) {
    const wanted = search.want(places)
    if (wanted.length === 0 || rounds > 10_000) throw new Error('the search is stuck')
    rounds += 1
    builds += wanted.length
    for (const { board, commit, again } of wanted) {
      const finding = findingIn(world, board, commit, again)
      if (again) search.tellAgain(board, commit, finding)
      else search.tell(board, commit, finding, world.causeOf?.(board))
    }
  }
  return { answers: search.answers, rounds, builds }
}

function findingIn(world: World, board: string, commit: number, again: boolean): Finding {
  if (world.isSkipped?.(board, commit)) return 'skip'
  const contrary = !again && (world.isFlaky?.(board, commit) ?? false)
  return world.isBad(board, commit) !== contrary ? 'bad' : 'good'
}

function line(commits: number): number[][] {
  return Array.from({ length: commits + 1 }, (_, at) => (at === 0 ? [] : [at - 1]))
}

/** Forks and merges as the numbers say; the last commit comes after all. */
function historyOf(steps: readonly { fork: number; merge: number }[]): number[][] {
  const parents: number[][] = [[]]
  const heads = [0]
  const add = (above: number[], instead: number[]) => {
    for (const head of instead) heads.splice(heads.indexOf(head), 1)
    heads.push(parents.push(above) - 1)
  }
  for (const { fork, merge } of steps) {
    const head = heads[fork % heads.length] ?? 0
    const other = heads[merge % heads.length] ?? 0
    if (merge > 80 && other !== head) add([head, other], [head, other])
    else if (fork > 90) add([fork % parents.length], [])
    else add([head], [head])
  }
  while (heads.length > 1) {
    const [one = 0, other = 0] = heads
    add([one, other], [one, other])
  }
  return parents
}

const histories = fc
  .array(fc.record({ fork: fc.nat(100), merge: fc.nat(100) }), { minLength: 1, maxLength: 120 })
  .map(historyOf)

/** Bad from a culprit on, until a commit mends it. */
function badness(
  parents: readonly (readonly number[])[],
  culprits: ReadonlySet<number>,
  mended: ReadonlySet<number>,
): boolean[] {
  const bad: boolean[] = []
  for (const [commit, above] of parents.entries()) {
    const inherits = above.some((parent) => bad[parent]) && !mended.has(commit)
    bad.push(commit > 0 && (culprits.has(commit) || inherits))
  }
  return bad
}

/** Numbers picked from a history, so that they shrink with it. */
const picks = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 4 })
const among = (numbers: readonly number[], count: number) =>
  new Set(numbers.map((number) => 1 + (number % (count - 1))))

const worlds = fc
  .record({
    parents: histories,
    culprits: fc.array(picks, { minLength: 1, maxLength: 6 }),
    mended: fc.array(fc.nat(10_000), { maxLength: 3 }),
    skipped: fc.array(fc.nat(10_000), { maxLength: 30 }),
    flaky: fc.array(fc.nat(10_000), { maxLength: 3 }),
    causes: fc.nat(3),
  })
  .map(({ parents, culprits, mended, skipped, flaky, causes }): World => {
    const count = parents.length
    const mends = among(mended, count)
    const bad = culprits.map((picked) => badness(parents, among(picked, count), mends))
    const skips = among(skipped, count)
    const flakes = among(flaky, count)
    const indexOf = (board: string) => Number(board.slice(1))
    return {
      parents,
      boards: culprits.map((_, index) => `b${index}`),
      isBad: (board, commit) => bad[indexOf(board)]?.[commit] ?? false,
      isSkipped: (_, commit) => skips.has(commit) && commit !== count - 1,
      isFlaky: (board, commit) => indexOf(board) === 0 && flakes.has(commit),
      causeOf: (board) => (causes === 0 ? 'all alike' : `cause ${indexOf(board) % causes}`),
    }
  })

/** What an answer says that is not so; empty where all of it is true. */
function untruths(world: World, answer: Answer): string[] {
  return answer.boards.flatMap((board) => {
    const isBad = (commit: number) => world.isBad(board, commit)
    const parentsOf = (commit: number) => world.parents[commit] ?? []
    const breaks = (commit: number) => isBad(commit) && !parentsOf(commit).some(isBad)
    const isFlaky = (commit: number) => world.isFlaky?.(board, commit) ?? false
    const everFlaky = world.parents.some((_, commit) => isFlaky(commit))
    switch (answer.kind) {
      case 'culprit':
        // The others were built once at each commit.
        if (everFlaky && board !== answer.boards[0]) return []
        return breaks(answer.commit) ? [] : [`${board}: ${answer.commit} broke nothing`]
      case 'one of':
        return everFlaky || answer.candidates.some(breaks) ? [] : [`${board}: none of them did it`]
      case 'flaky':
        return isFlaky(answer.commit) ? [] : [`${board}: ${answer.commit} is not flaky`]
      case 'good at the end':
        return everFlaky || !isBad(world.parents.length - 1) ? [] : [`${board} is bad at the end`]
      default:
        return [`${board}: ${answer.kind}`]
    }
  })
}

test('no verdict is wrong, whatever the history, with skips, flakes and several culprits', () => {
  fc.assert(
    fc.property(worlds, fc.integer({ min: 1, max: 20 }), (world, places) => {
      const { answers } = searchIn(world, places)
      expect(answers.flatMap((answer) => untruths(world, answer))).toEqual([])
      const named = answers.flatMap(({ boards }) => boards).sort()
      expect(named).toEqual([...world.boards].sort())
    }),
    { numRuns: 400 },
  )
})

test('results in any order, some of them late, end in the same true answers', () => {
  fc.assert(
    fc.property(
      worlds,
      fc.integer({ min: 1, max: 20 }),
      fc.infiniteStream(fc.nat(1000)),
      (world, places, order) => {
        const search = new CulpritSearch(new Ancestry(world.parents), world.boards)
        for (let told = 0; !search.isOver; told += 1) {
          const wanted = search.want(places)
          const next = wanted[(order.next().value ?? 0) % wanted.length]
          if (!next || told > 10_000) throw new Error('the search is stuck')
          const { board, commit, again } = next
          const finding = findingIn(world, board, commit, again)
          if (again) search.tellAgain(board, commit, finding)
          else search.tell(board, commit, finding, world.causeOf?.(board))
        }
        expect(search.answers.flatMap((answer) => untruths(world, answer))).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})

test('without skips, k places find one of n commits in ceil(log n / log (k + 1)) rounds and one more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1500 }),
      fc.integer({ min: 1, max: 32 }),
      fc.nat(10_000),
      (commits, places, pick) => {
        const culprit = 1 + (pick % commits)
        const isBad = (_: string, commit: number) => commit >= culprit
        const { answers, rounds } = searchIn(
          { parents: line(commits), boards: ['b'], isBad },
          places,
        )
        expect(answers).toMatchObject([{ kind: 'culprit', commit: culprit }])
        // One for the end, one to confirm.
        expect(rounds - 2).toBeLessThanOrEqual(roundsFor(commits, places) + 1)
      },
    ),
  )
})

test('merges cost at most as many rounds again', () => {
  fc.assert(
    fc.property(
      histories,
      fc.integer({ min: 1, max: 16 }),
      fc.nat(10_000),
      (parents, places, pick) => {
        const count = parents.length
        const bad = badness(parents, among([pick], count), new Set())
        const world = { parents, boards: ['b'], isBad: (_: string, at: number) => bad[at] ?? false }
        const { answers, rounds } = searchIn(world, places)
        expect(answers).toMatchObject([{ kind: 'culprit' }])
        // One more than a line of as many is usual; where branches are uneven no test halves what is open.
        expect(rounds - 2).toBeLessThanOrEqual(2 * roundsFor(count, places))
      },
    ),
    { numRuns: 300 },
  )
})

test('1,000 commits on 16 places take three rounds, whichever it was', () => {
  for (let culprit = 2; culprit <= 1000; culprit += 7) {
    const isBad = (_: string, commit: number) => commit >= culprit
    const { rounds } = searchIn({ parents: line(1000), boards: ['b'], isBad }, 16)
    expect(rounds - 2).toBeLessThanOrEqual(3)
  }
})

function roundsFor(commits: number, places: number): number {
  let rounds = 0
  for (let reach = 1; reach < commits; reach *= places + 1) rounds += 1
  return rounds
}

const twoCauses: World = {
  parents: line(30),
  boards: ['a', 'b', 'c', 'd'],
  isBad: (board, commit) => commit >= (board === 'd' ? 21 : 9),
}

test('one search serves the boards that one commit broke, and splits off those that it did not', () => {
  const { answers } = searchIn(twoCauses, 4)
  expect(answers.toSorted((a, b) => b.boards.length - a.boards.length)).toEqual([
    { kind: 'culprit', commit: 9, parents: [8], boards: ['a', 'b', 'c'] },
    { kind: 'culprit', commit: 21, parents: [20], boards: ['d'] },
  ])
})

test('boards that complain alike share their tests', () => {
  const alike = searchIn({ ...twoCauses, causeOf: (board) => (board === 'd' ? 'y' : 'x') }, 4)
  const alone = searchIn({ ...twoCauses, causeOf: (board) => board }, 4)
  expect(alike.builds).toBeLessThan(alone.builds)
})

test('what can not be tested is named as a candidate where it hides the culprit', () => {
  const world: World = {
    parents: line(10),
    boards: ['b'],
    isBad: (_, commit) => commit >= 6,
    isSkipped: (_, commit) => commit === 5 || commit === 6,
  }
  expect(searchIn(world, 3).answers).toEqual([
    { kind: 'one of', candidates: [5, 6, 7], boards: ['b'] },
  ])
})

test('a board that comes out both ways is flaky, with counts', () => {
  const world: World = {
    parents: line(10),
    boards: ['b'],
    isBad: (_, commit) => commit >= 9,
    isFlaky: (_, commit) => commit === 5,
  }
  const { answers } = searchIn(world, 1)
  expect(answers).toEqual([{ kind: 'flaky', commit: 5, bad: 1, built: 2, boards: ['b'] }])
})

test('says so where the ends are not as they were said to be', () => {
  const world = (isBad: World['isBad']): World => ({ parents: line(5), boards: ['b'], isBad })
  expect(
    searchIn(
      world(() => false),
      2,
    ).answers,
  ).toEqual([{ kind: 'good at the end', boards: ['b'] }])
  expect(
    searchIn(
      world(() => true),
      2,
    ).answers,
  ).toEqual([{ kind: 'bad at the start', boards: ['b'] }])
})

test('a person may say it of a commit, and it is not built for that', () => {
  const search = new CulpritSearch(new Ancestry(line(4)), ['b'])
  search.tell('b', 4, 'bad')
  search.mark(2, 'bad')
  search.mark(1, 'good')
  expect(search.isOver).toBe(true)
  expect(search.answers).toEqual([{ kind: 'culprit', commit: 2, parents: [1], boards: ['b'] }])
})

test('tests under way go on as long as they tell something', () => {
  const search = new CulpritSearch(new Ancestry(line(100)), ['b'])
  search.tell('b', 100, 'bad')
  const first = search.want(3).map(({ commit }) => commit)
  expect(first).toEqual([25, 50, 75])
  search.tell('b', 50, 'bad')
  const then = search.want(3).map(({ commit }) => commit)
  expect(then).toContain(25)
  expect(then).not.toContain(75)
  expect(then).toHaveLength(3)
})

/**
 * How well failures are told apart: those of machines and those of the code, in simulated fleets
 * with every kind of sick machine, and what it costs. Nothing here waits.
 * INJECT=5000 npm run bench failures [WORDS OF A ROW]
 */
import {
  type Brokenness,
  type Sickness,
  type SickOutcome,
  sicknesses,
  surviveSickness,
} from '../src-main/boss/scheduling/simulation/simulated-sickness.ts'

/** Machine faults to inject for each row. */
const fewest = Number(process.env.INJECT ?? 500)
const wanted = process.argv.slice(2).join(' ')
const brokennesses: readonly Brokenness[] = [
  { share: 0, perCause: 1 },
  { share: 0.01, perCause: 1 },
  { share: 0.1, perCause: 20 },
  { share: 0.3, perCause: 1000 },
  { share: 0.6, perCause: 40 },
]
/** Runs of as many boards as a release has tell what it costs; more faults are injected in smaller ones. */
const large = { boards: 400, runs: 10 }
const small = { boards: 120, runs: 5000 }

console.log(
  '| sick | code broken | machine faults | shown as proved | believed | real failures | hidden | unproved | more builds | at least |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
for (const sickness of sicknesses.filter((one) => one.includes(wanted))) {
  for (const broken of brokennesses) row(sickness, broken)
}

function row(sickness: Sickness, broken: Brokenness): void {
  const costly = runsOf(sickness, broken, large.boards, 1, large.runs)
  const outcomes = [...costly]
  let injected = sickness === 'none' ? fewest : total(costly, 'injected')
  for (let seed = large.runs + 1; injected < fewest && seed <= small.runs; seed++) {
    const survived = runsOf(sickness, broken, small.boards, seed, seed)
    injected += total(survived, 'injected')
    outcomes.push(...survived)
  }
  const complaints = outcomes.flatMap((outcome) => outcome.complaints)
  const open = outcomes.filter(({ open }) => open > 0).length
  const counted = ['injected', 'shown', 'believed', 'realFailures', 'hidden', 'unproved'] as const
  const cells = [
    sickness,
    `${100 * broken.share} %, ${broken.perCause} a cause`,
    ...counted.map((key) => total(outcomes, key)),
    percentOf(total(costly, 'extra'), costly),
    // Each fault is a build again, and each cause has to be seen on a second machine.
    percentOf(total(costly, 'injected') + total(costly, 'causes'), costly),
  ]
  console.log(
    `| ${cells.join(' | ')} |${complaints.length + open > 0 ? ` ${open} open, ${complaints[0]}` : ''}`,
  )
}

type Counted = Omit<SickOutcome, 'outcome'> & { readonly open: number }

function runsOf(
  sickness: Sickness,
  broken: Brokenness,
  boards: number,
  first: number,
  last: number,
): readonly Counted[] {
  return Array.from({ length: last - first + 1 }, (_, nth) => {
    const seed = first + nth
    const commits = seed % 3 === 0 ? 3 : 1
    const survived = surviveSickness({ sickness, broken, boards, commits, seed })
    const { outcome, ...counts } = survived
    return { ...counts, open: outcome.openBuilds }
  })
}

function total(outcomes: readonly Counted[], key: Exclude<keyof Counted, 'complaints'>): number {
  return outcomes.reduce((all, outcome) => all + outcome[key], 0)
}

function percentOf(count: number, outcomes: readonly Counted[]): string {
  return `${((100 * count) / total(outcomes, 'builds')).toFixed(1)} %`
}

/**
 * How well failures are told apart: those of machines and those of the code, in simulated fleets
 * with every kind of sick machine, and what it costs. Nothing here waits. npm run bench failures
 */
import {
  type Brokenness,
  type Sickness,
  type SickOutcome,
  sicknesses,
  surviveSickness,
} from '../src-main/boss/scheduling/simulation/simulated-sickness.ts'

const fewest = Number(process.env.INJECT ?? 500)
const brokennesses: readonly Brokenness[] = [
  { share: 0, perCause: 1 },
  { share: 0.01, perCause: 1 },
  { share: 0.1, perCause: 20 },
  { share: 0.3, perCause: 1000 },
  { share: 0.6, perCause: 40 },
]

console.log(
  '| sick | code broken | machine faults | shown as proved | believed | real failures | hidden | unproved | more builds |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
for (const sickness of sicknesses) for (const broken of brokennesses) row(sickness, broken)

function row(sickness: Sickness, broken: Brokenness): void {
  const outcomes: SickOutcome[] = []
  const sum = (
    key:
      | 'injected'
      | 'shown'
      | 'believed'
      | 'realFailures'
      | 'hidden'
      | 'unproved'
      | 'builds'
      | 'extra',
  ) => outcomes.reduce((all, outcome) => all + outcome[key], 0)
  for (let seed = 1; seed <= 200; seed++) {
    const commits = seed % 3 === 0 ? 3 : 1
    outcomes.push(surviveSickness({ sickness, broken, boards: 400, commits, seed }))
    if (sickness === 'none' ? seed >= 10 : sum('injected') >= fewest) break
  }
  const complaints = outcomes.flatMap((outcome) => outcome.complaints)
  const open = outcomes.filter(({ outcome }) => outcome.openBuilds > 0).length
  const code = `${100 * broken.share} %, ${broken.perCause} a cause`
  const more = `${((100 * sum('extra')) / sum('builds')).toFixed(1)} %`
  const cells = [
    sickness,
    code,
    sum('injected'),
    sum('shown'),
    sum('believed'),
    sum('realFailures'),
    sum('hidden'),
    sum('unproved'),
    more,
  ]
  console.log(
    `| ${cells.join(' | ')} |${complaints.length + open > 0 ? ` ${open} open, ${complaints[0]}` : ''}`,
  )
}

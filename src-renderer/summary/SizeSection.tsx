import { signed } from '../../src-core/basics/words.ts'
import { type RunReport, sizeSeries, wholeGrowth } from '../../src-core/reports/run-report.ts'
import { commitId } from './CommitSection.tsx'
import { SizeChart } from './SizeChart.tsx'

/** Sizes of `u-boot` by architecture: how large, and how the series changed them. */
export function SizeSection({ report }: { report: RunReport }) {
  if (report.sizes.length === 0) return null
  const series = sizeSeries(report.commits)
  const growth = wholeGrowth(report.commits)
  const commits = report.commits.map(({ commit }) => commit)
  const deltas = commits.length > 1
  const isMore = report.commits.some(({ sizes }) =>
    sizes.some(({ details }) => details.some(({ spans }) => spans !== undefined)),
  )
  const touched = commits.filter((_, index) =>
    [...series.values()].some((bytes) => (bytes[index] ?? 0) !== 0),
  )
  return (
    <section>
      <h3>Size of u-boot</h3>
      {deltas && series.size > 0 && <SizeChart commits={commits} series={series} />}
      {deltas && series.size === 0 && !isMore && (
        <p className="soft">No commit changed the size of any board.</p>
      )}
      {deltas && isMore && (
        <p className="soft">
          What boards gained while they could not be built is of no single commit: it counts for the
          whole series alone.
        </p>
      )}
      <div className="size-table">
        <table>
          <caption className="hidden-visually">Sizes in bytes by architecture</caption>
          <thead>
            <tr>
              <th scope="col">architecture</th>
              <th scope="col">boards</th>
              <th scope="col">mean, bytes</th>
              {deltas && <th scope="col">whole series</th>}
              {touched.map(({ upto, hash, subject }) => (
                <th key={upto} scope="col" title={subject}>
                  <button type="button" className="launch-link" onClick={() => showCommit(upto)}>
                    <code>{hash.slice(0, 8)}</code>
                  </button>
                </th>
              ))}
              <th scope="col" className="words">
                largest
              </th>
            </tr>
          </thead>
          <tbody>
            {report.sizes.map(({ arch, boards, mean, largest }) => {
              const own = series.get(arch) ?? []
              const whole = growth.get(arch) ?? 0
              return (
                <tr key={arch}>
                  <th scope="row">{arch}</th>
                  <td>{boards.toLocaleString('en')}</td>
                  <td>{Math.round(mean).toLocaleString('en')}</td>
                  {deltas && <td>{whole === 0 ? '0' : signed(whole)}</td>}
                  {touched.map(({ upto }) => {
                    const index = commits.findIndex((commit) => commit.upto === upto)
                    const bytes = own[index] ?? 0
                    return <td key={upto}>{bytes === 0 ? '' : signed(bytes)}</td>
                  })}
                  <td className="words">
                    {largest.board}{' '}
                    <span className="soft">{largest.bytes.toLocaleString('en')}</span>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** The commit's own section, further up. */
function showCommit(upto: number): void {
  document.getElementById(commitId(upto))?.scrollIntoView({ block: 'start' })
}

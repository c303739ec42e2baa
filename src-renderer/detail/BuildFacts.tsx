import { machineTitle } from '../../src-core/basics/words.ts'
import type { ImageSize } from '../../src-core/model.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { BuildReport, PastBuild } from '../../src-preload/contract.ts'
import { useBuild, useStores } from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button, ProblemNote, Working } from '../ui/controls.tsx'
import { agoText, durationText } from '../words.ts'
import { attemptRows } from './attempts.ts'
import { Facts } from './FactsSection.tsx'
import { Firmware, Images } from './ImageFacts.tsx'

/** Everything else that is known of a build. */
export function BuildFacts({ cell }: { cell: number }) {
  const { runs, build } = useStores()
  const report = useBuild((state) => state.report)
  const run = runs.run()
  const attempts = attemptRows(run, cell, Date.now())
  return (
    <div className="build-facts">
      {attempts.length > 0 && (
        <Facts title="Attempts in this run">
          <table>
            <tbody>
              {attempts.map((row) => (
                <tr key={row.from}>
                  <td>
                    {machineTitle(row.machine)}, slot {row.slot}
                  </td>
                  <td className="number">{durationText(row.seconds)}</td>
                  <td className="soft">
                    {row.words}
                    {row.said && <span className="mono">: {row.said}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Facts>
      )}
      {report.status === 'loading' && <Working what="Reading the facts …" />}
      {report.status === 'failed' && (
        <ProblemNote problem={report.problem}>
          <Button onClick={() => build.reload()}>Try again</Button>
        </ProblemNote>
      )}
      {report.status === 'ready' && (
        <Report
          report={report.value}
          before={sizesBefore(run, cell)}
          lacks={run.details.get(cell)?.lacks ?? []}
        />
      )}
    </div>
  )
}

function sizesBefore(run: RunState, cell: number): readonly ImageSize[] {
  const first = cell % Math.max(1, run.commits.length) === 0
  return first ? [] : (run.details.get(cell - 1)?.sizes ?? [])
}

function Report({
  report,
  before,
  lacks,
}: {
  report: BuildReport
  before: readonly ImageSize[]
  /** Firmware that its images were made without. */
  lacks: readonly string[]
}) {
  return (
    <>
      {report.sizes.length > 0 && <Sizes sizes={report.sizes} before={before} />}
      <Images artifacts={report.artifacts} outputDir={report.outputDir} />
      <Firmware blobs={report.blobs} lacks={lacks} />
      {report.others.length > 0 && <OtherRuns builds={report.others} />}
      {report.toolchain && (
        <Facts title="Toolchain">
          <p className="mono">{report.toolchain}</p>
        </Facts>
      )}
      {report.outputDir && (
        <Facts title="Results">
          <p className="mono">{report.outputDir}</p>
        </Facts>
      )}
      <Facts title="The same by hand">
        <pre className="by-hand">{report.reproduce}</pre>
        <CopyButton label="Copy" text={() => report.reproduce} />
      </Facts>
    </>
  )
}

function Sizes({ sizes, before }: { sizes: readonly ImageSize[]; before: readonly ImageSize[] }) {
  return (
    <Facts title="Sizes in bytes">
      <table>
        <thead>
          <tr>
            <th scope="col">image</th>
            <th scope="col">text</th>
            <th scope="col">data</th>
            <th scope="col">bss</th>
            <th scope="col">all</th>
            {before.length > 0 && <th scope="col">change</th>}
          </tr>
        </thead>
        <tbody>
          {sizes.map((size) => (
            <tr key={size.image}>
              <td>{size.image}</td>
              <td className="number">{size.text.toLocaleString('en')}</td>
              <td className="number">{size.data.toLocaleString('en')}</td>
              <td className="number">{size.bss.toLocaleString('en')}</td>
              <td className="number">{total(size).toLocaleString('en')}</td>
              {before.length > 0 && <td className="number">{changeText(size, before)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Facts>
  )
}

function total({ text, data, bss }: ImageSize): number {
  return text + data + bss
}

function changeText(size: ImageSize, before: readonly ImageSize[]): string {
  const was = before.find(({ image }) => image === size.image)
  if (!was) return 'new'
  const change = total(size) - total(was)
  return change === 0 ? '0' : `${change > 0 ? '+' : ''}${change.toLocaleString('en')}`
}

function OtherRuns({ builds }: { builds: readonly PastBuild[] }) {
  return (
    <Facts title="In other runs">
      <table>
        <tbody>
          {builds.map(({ runId, at, seconds, machine, outcome, sameSource }) => (
            <tr key={runId}>
              <td className="soft">{agoText(at, Date.now())}</td>
              <td>{outcome}</td>
              <td>{machineTitle(machine)}</td>
              <td className="soft">{sameSource ? 'same source' : 'other source'}</td>
              <td className="number">{seconds > 0 ? durationText(seconds) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Facts>
  )
}

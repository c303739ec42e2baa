import { useEffect, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import { markCounts } from '../../src-core/run/build-mark.ts'
import { finishedBuilds } from '../../src-core/run/run-state.ts'
import { useRun, useStores } from '../state/use-stores.ts'

const everyMs = 15_000

/** Tells a screen reader the totals now and then and when a run ends, never build by build. */
export function Announcer() {
  const { runs } = useStores()
  const status = useRun((run) => run.status)
  const [text, setText] = useState('')
  useEffect(() => {
    if (status !== 'running' && status !== 'finished') return
    const say = () => {
      const run = runs.run()
      const total = run.boards.length * run.commits.length
      const words = status === 'finished' ? 'Run finished. ' : ''
      const noBoot = markCounts(run)['no boot']
      setText(
        `${words}${finishedBuilds(run)} of ${plural(total, 'build')} done, ${run.counts.failed} failed${noBoot > 0 ? `, ${noBoot} will not boot` : ''}.`,
      )
    }
    if (status === 'finished') {
      say()
      return
    }
    const timer = setInterval(say, everyMs)
    return () => clearInterval(timer)
  }, [status, runs])
  return (
    <p className="hidden-visually" role="status">
      {text}
    </p>
  )
}

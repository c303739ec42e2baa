import { useRef } from 'react'
import { useRun, useStores, useTimeline } from '../state/use-stores.ts'
import { Empty, IconButton, Segments } from '../ui/controls.tsx'
import { useElementSize } from '../ui/element-size.ts'
import { ViewTools } from '../ui/view-tools.tsx'
import { zoomStep } from './lanes/timeline-keys.ts'
import { TimelinePane } from './TimelinePane.tsx'
import './timeline.css'

/** Who built what when: a row a slot, time from left to right. */
export function TimelineView() {
  const frame = useRef<HTMLDivElement>(null)
  const size = useElementSize(frame)
  const begun = useRun((run) => run.machines.some(({ building, done }) => building + done > 0))
  return (
    <div className="timeline-view">
      <ViewTools>
        <TimelineTools />
      </ViewTools>
      <div className="timeline-frame" ref={frame}>
        {begun ? <TimelinePane size={size} /> : <NothingBuilt />}
      </div>
    </div>
  )
}

function TimelineTools() {
  const { timeline } = useStores()
  const kind = useTimeline((state) => state.window.kind)
  const live = useRun((run) => run.status === 'running' && !run.pinned)
  return (
    <>
      <p className="timeline-hint">
        <kbd>W</kbd> <kbd>S</kbd> zoom, <kbd>A</kbd> <kbd>D</kbd> or drag to move
      </p>
      <Segments
        label="Time shown"
        value={kind}
        options={[
          { value: 'all', label: 'Whole run' },
          { value: 'live', label: 'Live', ...(!live && { off: 'The run has ended' }) },
          ...(kind === 'fixed' ? [{ value: kind, label: 'Part' } as const] : []),
        ]}
        onChange={(next) => (next === 'live' ? timeline.goLive() : timeline.showAll())}
      />
      <IconButton name="Zoom out (S)" icon="minus" onClick={() => timeline.zoom(1 / zoomStep)} />
      <IconButton name="Zoom in (W)" icon="plus" onClick={() => timeline.zoom(zoomStep)} />
    </>
  )
}

function NothingBuilt() {
  const finished = useRun((run) => run.status === 'finished')
  const previously = useRun((run) => run.previously)
  if (!finished) {
    return (
      <Empty title="Nothing is built yet">
        <p>The machines are getting ready. Their builds appear here as they begin.</p>
      </Empty>
    )
  }
  return (
    <Empty title="Nothing was built in this run">
      {previously > 0 && <p>Every build had its outcome from an earlier run.</p>}
    </Empty>
  )
}

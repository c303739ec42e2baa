import { Suspense, useState } from 'react'
import { waitingText } from '../state/run/waiting-text.ts'
import { type TabId, tabs } from '../state/tabs.ts'
import { useBisect, useRun, useStores, useView } from '../state/use-stores.ts'
import { Button, Empty, ProblemNote, Working } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { ViewToolsPlace } from '../ui/view-tools.tsx'
import { DetailDock } from './DetailDock.tsx'
import { PanelEdge } from './PanelEdge.tsx'
import { views } from './views.tsx'
import { Welcome } from './Welcome.tsx'

/** The middle of the window: the run, seen through one of the views, above the details of one build. */
export function Stage() {
  const status = useRun((run) => run.status)
  const tab = useView((view) => view.tab)
  const View = views[tab]
  const hasRun = status === 'running' || status === 'finished'
  const [tools, setTools] = useState<HTMLElement | null>(null)
  if (!hasRun && !tabs.find(({ id }) => id === tab)?.always) {
    return (
      <main className="stage">
        <Edges />
        <NoRun />
      </main>
    )
  }
  return (
    <main className="stage">
      <Edges />
      <div className="tab-strip">
        <Tabs tab={tab} />
        <div className="view-tools" ref={setTools} />
      </div>
      <div className="stage-view" id="stage-view" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <ViewToolsPlace value={tools}>
          <Suspense fallback={<Working what="Opening …" />}>
            <View />
          </Suspense>
        </ViewToolsPlace>
      </div>
      {hasRun && <WaitingLine />}
      {hasRun && <DetailDock />}
    </main>
  )
}

/** Those that the stage has in common with the panels beside it. */
function Edges() {
  const launchOpen = useView((view) => view.launchOpen)
  const machinesOpen = useView((view) => view.machinesOpen)
  return (
    <>
      {launchOpen && <PanelEdge panel="launch" />}
      {machinesOpen && <PanelEdge panel="machines" />}
    </>
  )
}

/** Why nothing is building, below the view: the grid keeps its places when it comes and goes. */
function WaitingLine() {
  const text = useRun(waitingText)
  if (text === '') return null
  return (
    <p className="waiting-line" role="status">
      <Icon name="warning" />
      <span>
        <b>Nothing is building.</b> {text}
      </span>
    </p>
  )
}

function NoRun() {
  const { runs } = useStores()
  const status = useRun((run) => run.status)
  const problem = useRun((run) => run.problem)
  if (status === 'loading') return <Working what="Asking for the last run …" />
  if (status === 'failed' && problem) {
    return (
      <Empty title="The run can't be shown">
        <ProblemNote problem={problem} />
        <Button onClick={() => void runs.showCurrent()}>Try again</Button>
      </Empty>
    )
  }
  return <Welcome />
}

function Tabs({ tab }: { tab: TabId }) {
  const { view } = useStores()
  const hasSearch = useBisect(({ search }) => search !== null)
  const shown = tabs.filter(({ id }) => id !== 'bisect' || hasSearch || id === tab)
  const step = (by: number) => {
    const at = shown.findIndex(({ id }) => id === tab)
    const next = shown[(at + by + shown.length) % shown.length]
    if (!next) return
    view.change({ tab: next.id })
    document.getElementById(`tab-${next.id}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label="Views of the run">
      {shown.map(({ id, title }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === tab}
          aria-controls="stage-view"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => view.change({ tab: id })}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') step(1)
            if (event.key === 'ArrowLeft') step(-1)
          }}
        >
          {title}
        </button>
      ))}
    </div>
  )
}

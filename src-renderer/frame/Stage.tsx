import { Tabs } from '@base-ui/react/tabs'
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
  const { view } = useStores()
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
    <Tabs.Root
      render={<main />}
      className="stage"
      value={tab}
      onValueChange={(next: TabId) => view.change({ tab: next })}
    >
      <Edges />
      <div className="tab-strip">
        <TabList tab={tab} />
        <div className="view-tools" ref={setTools} />
      </div>
      <Tabs.Panel key={tab} className="stage-view" value={tab} tabIndex={-1}>
        <ViewToolsPlace value={tools}>
          <Suspense fallback={<Working what="Opening …" />}>
            <View />
          </Suspense>
        </ViewToolsPlace>
      </Tabs.Panel>
      {hasRun && <WaitingLine />}
      {hasRun && <DetailDock />}
    </Tabs.Root>
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

/** Arrow keys, Home and End go along the tabs and show theirs. */
function TabList({ tab }: { tab: TabId }) {
  const hasSearch = useBisect(({ search }) => search !== null)
  const shown = tabs.filter(({ id }) => id !== 'bisect' || hasSearch || id === tab)
  return (
    <Tabs.List className="tabs" aria-label="Views of the run" activateOnFocus>
      {shown.map(({ id, title }) => (
        <Tabs.Tab key={id} id={`tab-${id}`} value={id}>
          {title}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  )
}

import { useEffect, useMemo } from 'react'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { useHistory, useStores } from '../state/use-stores.ts'
import { Button, Empty, ProblemNote, Working } from '../ui/controls.tsx'
import { SearchBox } from '../ui/SearchBox.tsx'
import { ViewTools } from '../ui/view-tools.tsx'
import { ComparisonView } from './ComparisonView.tsx'
import { searchHistory, withoutParts } from './history-list.ts'
import { RunsTable } from './RunsTable.tsx'
import './history.css'

/** Every run: found, opened again as it looked, compared with another. */
export function HistoryView() {
  const { history } = useStores()
  const entries = useHistory((state) => state.entries)
  const comparison = useHistory((state) => state.comparison)
  useEffect(() => void history.load(), [history])
  if (comparison.status !== 'idle') return <ComparisonView comparison={comparison} />
  switch (entries.status) {
    case 'idle':
    case 'loading':
      return <Working what="Reading the history …" />
    case 'failed':
      return (
        <Empty title="The history can't be shown">
          <ProblemNote problem={entries.problem} />
          <Button onClick={() => void history.load()}>Try again</Button>
        </Empty>
      )
    case 'ready':
      return entries.value.length === 0 ? (
        <Empty title="No runs yet">
          <p>Each run is kept here with its outcomes, to be opened and compared later.</p>
        </Empty>
      ) : (
        <Runs entries={withoutParts(entries.value)} />
      )
  }
}

function Runs({ entries }: { entries: readonly HistoryEntry[] }) {
  const { history } = useStores()
  const search = useHistory((state) => state.search)
  const chosen = useHistory((state) => state.chosen)
  const found = useMemo(() => searchHistory(entries, search), [entries, search])
  return (
    <div className="history-view">
      <ViewTools>
        <span className="soft" role="status">
          {search && `${found.length} of ${entries.length}`}
        </span>
        <SearchBox
          placeholder="Search the history"
          label="Search the history by title, folder, machine, date, or how it ended"
          value={search}
          onChange={(text) => history.search(text)}
        />
        <Button disabled={chosen.length < 2} onClick={() => void history.compare()}>
          {chosen.length < 2 ? 'Tick two to compare' : 'Compare'}
        </Button>
      </ViewTools>
      {found.length === 0 ? (
        <Empty title="No run matches">
          <Button onClick={() => history.search('')}>Show all runs</Button>
        </Empty>
      ) : (
        <RunsTable entries={found} />
      )}
    </div>
  )
}

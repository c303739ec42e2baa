import { type BuildState, buildStates } from '../../src-preload/model.ts'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { type Colouring, colourings } from '../state/view-store.ts'
import { Button, IconButton } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { ColourKey } from './ColourKey.tsx'
import { failedBoards } from './grid-model.ts'
import { type GridLayout, matrixSteps, nextZoom, zoomSteps } from './layout.ts'
import { StatusGlyph } from './StatusGlyph.tsx'

/** In the order in which a person asks. */
const countOrder: readonly BuildState[] = [
  'failed',
  'warnings',
  'ok',
  'building',
  'queued',
  'lost',
  'not built',
]

/** Counts by status, and how the grid shows its cells. */
export function GridToolbar({ layout }: { layout: GridLayout }) {
  return (
    <div className="grid-toolbar">
      <StatusCounts />
      <div className="grid-tools">
        <WaitingRows />
        <FilterBox />
        <ColourBy />
        <FailuresFirst />
        <ZoomTools layout={layout} />
      </div>
      <ColourKey />
    </div>
  )
}

function StatusCounts() {
  const { view } = useStores()
  const counts = useRun((run) => run.counts)
  const chosen = useView((state) => state.states)
  return (
    <fieldset className="status-counts" aria-label="Builds by status">
      {countOrder
        .filter((state) => buildStates.includes(state) && (counts[state] > 0 || always.has(state)))
        .map((state) => (
          <button
            key={state}
            type="button"
            className="status-count"
            aria-pressed={chosen.has(state)}
            title={`Show only boards with a build that is ${state}`}
            onClick={() => view.toggleState(state)}
          >
            <StatusGlyph state={state} />
            <b>{counts[state].toLocaleString('en')}</b> {state}
          </button>
        ))}
    </fieldset>
  )
}

/** Zero is news here, too. */
const always: ReadonlySet<BuildState> = new Set(['failed', 'warnings', 'ok'])

/** Results would move cells under the pointer: they wait for it to leave, or for this. */
function WaitingRows() {
  const { grid } = useStores()
  const stale = useGrid((state) => state.stale)
  if (!stale) return null
  return (
    <Button kind="quiet" icon="refresh" onClick={grid.catchUp}>
      Update
    </Button>
  )
}

function FilterBox() {
  const { view } = useStores()
  const filter = useView((state) => state.filter)
  const problem = useGrid((grid) => grid.filterProblem)
  const hidden = useGrid((grid) => grid.hidden)
  return (
    <span className="filter-box">
      <Icon name="search" />
      <input
        id="grid-filter"
        className="field"
        type="search"
        placeholder="Filter boards  /"
        aria-label="Filter boards: terms as buildman takes them"
        aria-invalid={problem !== ''}
        title={problem || 'Terms as buildman takes them: arm & freescale, rk3.*'}
        value={filter}
        onChange={(event) => view.change({ filter: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter') return
          if (event.key === 'Escape') view.change({ filter: '' })
          document.querySelector<HTMLElement>('.grid-pane')?.focus()
        }}
      />
      {hidden > 0 && <span className="soft">{hidden.toLocaleString('en')} hidden</span>}
    </span>
  )
}

const colourNames: Record<Colouring, string> = {
  machine: 'Machine',
  status: 'Status',
  duration: 'Duration',
  size: 'Size change',
}

function ColourBy() {
  const { view } = useStores()
  const colouring = useView((state) => state.colouring)
  const matrix = useRun((run) => run.commits > 1)
  return (
    <label className="colour-by">
      Colour by
      <select
        className="field"
        value={colouring}
        onChange={(event) => {
          const chosen = colourings.find((name) => name === event.target.value)
          if (chosen) view.change({ colouring: chosen })
        }}
      >
        {colourings
          .filter((name) => name !== 'size' || matrix)
          .map((name) => (
            <option key={name} value={name}>
              {colourNames[name]}
            </option>
          ))}
      </select>
    </label>
  )
}

/** Sorts when asked; what fails later stays in its place until asked again. */
function FailuresFirst() {
  const { runs, view } = useStores()
  const failed = useRun((run) => run.counts.failed)
  const first = useView((state) => state.first)
  const on = first.size > 0
  if (failed === 0 && !on) return null
  const boards = failedBoards(runs.run())
  const newer = [...boards].filter((board) => !first.has(board)).length
  return (
    <span className="failures-first">
      <Button
        aria-pressed={on}
        onClick={() => view.change({ first: on ? new Set() : boards })}
        title="Put the boards that failed first"
      >
        Failures first
      </Button>
      {on && newer > 0 && (
        <Button kind="quiet" onClick={() => view.change({ first: boards })}>
          {newer} more: sort again
        </Button>
      )}
    </span>
  )
}

function ZoomTools({ layout }: { layout: GridLayout }) {
  const { view } = useStores()
  const zoom = useView((state) => state.zoom)
  const steps = layout.kind === 'matrix' ? matrixSteps : zoomSteps
  const farther = nextZoom(steps, layout.zoom, 1)
  const nearer = nextZoom(steps, layout.zoom, -1)
  return (
    <fieldset className="zoom-tools" aria-label="Zoom">
      <IconButton
        name="Smaller cells"
        icon="minus"
        disabled={farther === null}
        onClick={() => farther !== null && view.change({ zoom: farther })}
      />
      <Button
        kind="quiet"
        aria-pressed={zoom === 'fit'}
        onClick={() => view.change({ zoom: 'fit' })}
      >
        Fit
      </Button>
      <IconButton
        name="Larger cells"
        icon="plus"
        disabled={nearer === null}
        onClick={() => nearer !== null && view.change({ zoom: nearer })}
      />
    </fieldset>
  )
}

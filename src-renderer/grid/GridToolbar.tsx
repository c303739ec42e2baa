import type { BuildMark } from '../../src-core/run/build-mark.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { failedBoards } from '../state/grid/grid-model.ts'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { type Colouring, colourings } from '../state/view-store.ts'
import { Button, IconButton } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Tip } from '../ui/Tip.tsx'
import { ColourKey } from './ColourKey.tsx'
import { CompareChips } from './CompareChips.tsx'
import { toggleFailuresFirst, zoomFrom } from './grid-actions.ts'
import type { GridLayout } from './layout/layout.ts'

/** In the order in which a person asks. */
const countOrder: readonly BuildMark[] = [
  'failed',
  'no boot',
  'warnings',
  'ok',
  'building',
  'queued',
  'lost',
  'being checked',
  'not built',
]

/** Counts by status and, over commits, by how boards fare. */
export function GridCounts() {
  const matrix = useRun((run) => run.commits > 1)
  return (
    <div className="grid-counts">
      <StatusCounts />
      {matrix && <CompareChips />}
      <WaitingRows />
      <ColourKey />
    </div>
  )
}

/** How the grid shows its cells. */
export function GridTools({ layout }: { layout: GridLayout }) {
  return (
    <>
      <FilterBox />
      <ColourBy />
      <FailuresFirst />
      <ZoomTools layout={layout} />
    </>
  )
}

function StatusCounts() {
  const { view } = useStores()
  const counts = useRun((run) => run.marks)
  const chosen = useView((state) => state.marks)
  return (
    <fieldset className="status-counts" aria-label="Builds by status">
      {countOrder
        .filter((mark) => counts[mark] > 0 || always.has(mark))
        .map((mark) => (
          <Tip
            key={mark}
            text={
              mark === 'no boot'
                ? 'Show only boards with a build that does not boot, since it lacks firmware'
                : `Show only boards with a build that is ${mark}`
            }
          >
            <button
              type="button"
              className="status-count"
              aria-pressed={chosen.has(mark)}
              onClick={() => view.toggleMark(mark)}
            >
              <StatusGlyph mark={mark} />
              <b>{counts[mark].toLocaleString('en')}</b> {mark}
            </button>
          </Tip>
        ))}
    </fieldset>
  )
}

/** Zero is news here, too. */
const always: ReadonlySet<BuildMark> = new Set(['failed', 'warnings', 'ok'])

/** Results would move cells under the pointer: they wait for it to leave, or for this. */
function WaitingRows() {
  const { grid } = useStores()
  const stale = useGrid((state) => state.stale)
  if (!stale) return null
  return (
    <Button
      kind="quiet"
      icon="refresh"
      tip="New results change which boards are shown; they wait until the pointer leaves the grid"
      onClick={() => grid.catchUp()}
    >
      Update
    </Button>
  )
}

/** Dims what does not match while it is typed; Enter, or the button, leaves that out. */
function FilterBox() {
  const { view } = useStores()
  const filter = useView((state) => state.filter)
  const narrow = useView((state) => state.narrow)
  const problem = useGrid((grid) => grid.filterProblem)
  const matches = useGrid((grid) => grid.matching?.size ?? -1)
  const focusGrid = () => document.querySelector<HTMLElement>('.grid-pane')?.focus()
  return (
    <span className="filter-box">
      <Icon name="search" />
      <input
        id="grid-filter"
        className="field"
        type="search"
        placeholder="Filter boards  /"
        aria-label="Filter boards: terms as buildman takes them"
        aria-description="For instance arm & freescale, rk3.*"
        aria-invalid={problem !== ''}
        aria-describedby="grid-filter-says"
        value={filter}
        onChange={(event) => view.filterBy(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') view.filterBy('')
          else if (event.key === 'Enter') view.change({ narrow: filter.trim() !== '' })
          else return
          focusGrid()
        }}
      />
      <Tip text={problem}>
        <span id="grid-filter-says" className="filter-count" role="status">
          {problem ? <Icon name="warning" /> : matches >= 0 && matches.toLocaleString('en')}
          <span className="hidden-visually">{problem || (matches >= 0 && 'boards match')}</span>
        </span>
      </Tip>
      <IconButton
        name="Only the boards that match (Enter)"
        icon="funnel"
        aria-pressed={narrow}
        disabled={matches < 1}
        onClick={() => view.change({ narrow: !narrow })}
      />
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
      <span>Colour by</span>
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
  const stores = useStores()
  const failed = useRun((run) => run.counts.failed)
  const on = useView((state) => state.first.size > 0)
  if (failed === 0 && !on) return null
  return (
    <span className="failures-first">
      <Button
        aria-pressed={on}
        onClick={() => toggleFailuresFirst(stores)}
        tip={`Put the boards that failed first (${keyText('grid-failures-first')})`}
      >
        Failures first
      </Button>
      {on && <FailedSince />}
    </span>
  )
}

function FailedSince() {
  const { runs, view } = useStores()
  const first = useView((state) => state.first)
  useRun((run) => run.counts.failed)
  const boards = failedBoards(runs.run())
  const newer = [...boards].filter((board) => !first.has(board)).length
  if (newer === 0) return null
  return (
    <Button kind="quiet" onClick={() => view.change({ first: boards })}>
      {newer} more: sort again
    </Button>
  )
}

function ZoomTools({ layout }: { layout: GridLayout }) {
  const { view } = useStores()
  const zoom = useView((state) => state.zoom)
  const farther = zoomFrom(layout, 1)
  const nearer = zoomFrom(layout, -1)
  return (
    <fieldset className="zoom-tools" aria-label="Zoom">
      <IconButton
        name="Smaller cells (-)"
        icon="minus"
        disabled={farther === null}
        onClick={() => farther !== null && view.change({ zoom: farther })}
      />
      <Button
        kind="quiet"
        aria-pressed={zoom === 'fit'}
        tip={`As large as lets all be seen (${keyText('grid-zoom-fit')})`}
        onClick={() => view.change({ zoom: 'fit' })}
      >
        Fit
      </Button>
      <IconButton
        name="Larger cells (+)"
        icon="plus"
        disabled={nearer === null}
        onClick={() => nearer !== null && view.change({ zoom: nearer })}
      />
    </fieldset>
  )
}

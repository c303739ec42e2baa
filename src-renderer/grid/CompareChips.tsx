import { compareClasses, compareMeaning } from '../state/grid/compare.ts'
import { rowsShown } from '../state/grid/grid-model.ts'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { Segments } from '../ui/controls.tsx'
import { Tip } from '../ui/Tip.tsx'

/** How boards fare over the commits, as counted chips: each shows only its rows. */
export function CompareChips() {
  const { view } = useStores()
  const counts = useGrid((grid) => grid.classCounts)
  const changing = useGrid((grid) => grid.changing)
  const boards = useRun((run) => run.boards)
  const chosen = useView((state) => state.classes)
  const wished = useView((state) => state.rows)
  const rows = useRun((run) => rowsShown(run, wished, changing))
  return (
    <div className="compare-chips">
      <Segments
        label="Rows"
        value={rows}
        options={[
          { value: 'all', label: `All ${boards.toLocaleString('en')}` },
          { value: 'changing', label: `Changing ${changing.toLocaleString('en')}` },
        ]}
        onChange={(value) => view.change({ rows: value })}
      />
      {compareClasses
        .filter((name) => counts[name] > 0 || chosen.has(name))
        .map((name) => (
          <Tip key={name} text={compareMeaning[name]}>
            <button
              type="button"
              className="chip"
              aria-pressed={chosen.has(name)}
              onClick={() => view.toggleClass(name)}
            >
              {name} <span className="count">{counts[name].toLocaleString('en')}</span>
            </button>
          </Tip>
        ))}
    </div>
  )
}

import type { HistoryEntry } from '../../src-preload/contract.ts'
import type { BuildState } from '../../src-preload/model.ts'
import { StatusGlyph } from '../grid/StatusGlyph.tsx'
import { listed, machineTitle } from '../launch/build-sentence.ts'
import { useRun, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { MenuItem, Popover } from '../ui/Popover.tsx'
import { amountText, endWords, lengthText, whenText } from './history-list.ts'

/** One run; its title opens it. */
export function HistoryRow({ entry, ticked }: { entry: HistoryEntry; ticked: boolean }) {
  const { history, runs, view, actions } = useStores()
  const shown = useRun((run) => run.runId === entry.runId)
  const { title, treeDir, counts, machines, runId } = entry
  const open = async () => {
    if (!shown) await runs.showOld(runId)
    view.change({ tab: 'grid' })
  }
  const forget = async () => {
    const reply = await history.forget(runId)
    if (!reply.ok) actions.tell(reply.problem)
  }
  return (
    <tr data-shown={shown || undefined}>
      <td>
        <input
          type="checkbox"
          className="check"
          aria-label={`Compare ${title} of ${whenText(entry.startedAt)}`}
          checked={ticked}
          onChange={() => history.toggle(runId)}
        />
      </td>
      <td className="soft">{whenText(entry.startedAt)}</td>
      <td>
        <button type="button" className="history-title" title={treeDir} onClick={() => void open()}>
          {title || treeDir}
        </button>
        <span className="soft">
          {' '}
          {amountText(entry)}
          {shown && ', shown now'}
        </span>
      </td>
      <td>
        <span className="history-counts">
          <Count state="failed" count={counts.failed} />
          <Count state="warnings" count={counts.warnings} />
          <Count state="ok" count={counts.ok} />
          <Count state="not built" count={counts.notBuilt} />
          {(entry.finishedAt === 0 || entry.cancelled) && <span>{endWords(entry)}</span>}
        </span>
      </td>
      <td className="number">{lengthText(entry)}</td>
      <td className="machines" title={machines.map(machineTitle).join(', ')}>
        {listed(machines.map(machineTitle), 3)}
      </td>
      <td>
        <Popover
          kind="quiet"
          icon
          align="end"
          label={`More about ${title}`}
          button={<Icon name="more" />}
        >
          <MenuItem onChoose={() => void open()}>Open</MenuItem>
          <MenuItem onChoose={() => void forget()} hint="results stay on disk">
            Take out of the history
          </MenuItem>
        </Popover>
      </td>
    </tr>
  )
}

function Count({ state, count }: { state: BuildState; count: number }) {
  if (count === 0) return null
  return (
    <span title={state}>
      <StatusGlyph state={state} />
      {count.toLocaleString('en')}
      <span className="hidden-visually"> {state}</span>
    </span>
  )
}

import { plural } from '../../src-core/basics/words.ts'
import { rangesText } from '../../src-core/summary/footprint.ts'
import { type FootprintGroup, lineTotals } from '../../src-core/summary/footprint-changes.ts'
import { BoardLinks } from './BoardLinks.tsx'

type Props = { readonly onOpen: (board: string) => void }

/** Which lines a commit had boards compile, or no longer compile. */
export function FootprintList({
  groups,
  onOpen,
}: Props & { readonly groups: readonly FootprintGroup[] }) {
  if (groups.length === 0) return null
  return (
    <>
      <h4>Compiled lines</h4>
      {groups.map((group) => (
        <GroupRow key={group.boards.join(' ')} group={group} onOpen={onOpen} />
      ))}
    </>
  )
}

function GroupRow({ group, onOpen }: Props & { readonly group: FootprintGroup }) {
  const { added, removed } = lineTotals(group)
  return (
    <details className="footprints">
      <summary>
        +{added.toLocaleString('en')} −{removed.toLocaleString('en')}{' '}
        <span className="soft">on {plural(group.boards.length, 'board')}</span>
      </summary>
      <ul>
        {group.changes.map((change) => (
          <li key={change.source}>
            <code>{change.source}</code>{' '}
            {change.added.length > 0 && <span>+ {rangesText(change.added)} </span>}
            {change.removed.length > 0 && (
              <span className="soft">− {rangesText(change.removed)}</span>
            )}
          </li>
        ))}
      </ul>
      <BoardLinks boards={group.boards} onOpen={onOpen} />
    </details>
  )
}

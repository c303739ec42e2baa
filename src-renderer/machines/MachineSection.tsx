import { useId } from 'react'
import { noLook } from '../../src-core/machine-colours.ts'
import { useMachineLooks } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { MachineItem } from './MachineItem.tsx'
import { type MachineGroup, type PlacedRow, sumText } from './machine-groups.ts'
import { ProviderLines } from './ProviderLines.tsx'

type Props = {
  group: MachineGroup
  /** Those of it that are looked for. */
  shown: readonly PlacedRow[]
  /** There are so many machines that each group is summed up. */
  crowded: boolean
  folded: boolean
  onFold: () => void
  live: boolean
  perMinute: (name: string) => number | null
  now: number
}

/** A group of machines under its head. A few of one's own need none. */
export function MachineSection({ group, shown, folded, live, perMinute, now, ...head }: Props) {
  const { provider } = group
  const looks = useMachineLooks()
  const id = useId()
  return (
    <section className="machine-group" aria-label={titleOfGroup(provider)}>
      {(provider !== '' || head.crowded) && (
        <header className="machine-group-head">
          <GroupTitle {...head} group={group} folded={folded} listId={id} />
          {provider !== '' && <ProviderLines name={provider} live={live} now={now} />}
          {head.crowded && group.rows.length > 0 && (
            <p className="machine-sum">{sumText(group.rows, live, perMinute)}</p>
          )}
        </header>
      )}
      <ul id={id} hidden={folded}>
        {!folded &&
          shown.map((row) => (
            <MachineItem
              key={row.name}
              row={row}
              look={looks.get(row.name) ?? noLook}
              number={row.number}
              live={live}
              perMinute={perMinute(row.name)}
              now={now}
            />
          ))}
      </ul>
    </section>
  )
}

function titleOfGroup(provider: string): string {
  return provider === '' ? 'Own machines' : provider
}

/** A button where there is something to fold. */
function GroupTitle({
  group: { provider, rows },
  crowded,
  folded,
  listId,
  onFold,
}: Pick<Props, 'group' | 'crowded' | 'folded' | 'onFold'> & { listId: string }) {
  const title = titleOfGroup(provider)
  if (!crowded || rows.length === 0) return <h3>{title}</h3>
  return (
    <h3>
      <button
        type="button"
        className="machine-fold"
        aria-expanded={!folded}
        aria-controls={listId}
        onClick={onFold}
      >
        <Icon name="chevron" />
        {title}
        <span className="count">{rows.length}</span>
      </button>
    </h3>
  )
}

import { useMachines, useRun } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { titleOf } from '../words.ts'

/** Builds boards again, wherever there is room or on one machine. */
export function RerunMenu({
  label,
  here,
  keys,
  onRerun,
  onCompare,
}: {
  label: string
  /** The machine that the present outcome comes from. */
  here?: string
  /** The key that does the same without a choice. */
  keys?: string
  onRerun: (machine?: string) => void
  /** Builds it on several machines at once; absent where that is not offered. */
  onCompare?: () => void
}) {
  const machines = useMachines((state) => state.own)
  const running = useRun((run) => run.status === 'running' && !run.elsewhere)
  const isOwn = useRun((run) => run.sentAs === '')
  if (!isOwn) return null
  return (
    <Menu
      align="end"
      button={
        <>
          <Icon name="rerun" />
          <span className="button-text">{label}</span>
          <Icon name="chevron" />
        </>
      }
      label={label}
    >
      {running && <p className="menu-title">When the run under way has ended:</p>}
      <MenuItem disabled={running} onChoose={() => onRerun()} {...(keys && { hint: keys })}>
        Wherever there is room
      </MenuItem>
      {machines.length > 1 && (
        <>
          <div className="menu-line" />
          <p className="menu-title">On one machine, to compare</p>
          {machines.map(({ config: { name }, state, reason }) => (
            <MenuItem
              key={name}
              disabled={running || state === 'unavailable'}
              hint={name === here ? 'this outcome' : state === 'unavailable' ? reason : ''}
              onChoose={() => onRerun(name)}
            >
              {titleOf(name)}
            </MenuItem>
          ))}
          {onCompare && (
            <MenuItem disabled={running} onChoose={onCompare}>
              On two machines, and compare …
            </MenuItem>
          )}
        </>
      )}
    </Menu>
  )
}

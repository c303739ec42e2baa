import type { MachineLook } from '../../src-core/machine-colours.ts'
import { LOCAL } from '../../src-core/model.ts'
import { giverOf } from '../../src-core/provider.ts'
import { keysOf, shownKey } from '../../src-preload/key-bindings.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import { withoutMachine } from '../state/launch/launch-store.ts'
import { isInNextRun, isSilent } from '../state/machine-order.ts'
import { useMachines, useSettings, useStores, useView } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { Tip } from '../ui/Tip.tsx'
import { commandTitle, titleOf } from '../words.ts'
import { machineFigures } from './machine-figures.ts'
import { type MachineRow, retryText } from './machine-rows.ts'

type Props = {
  row: MachineRow
  look: MachineLook
  /** Its key on the keyboard, from 1. */
  number: number
  live: boolean
  perMinute: number | null
  now: number
}

/** One machine: swatch, name, what it does, figures, and what can be done with it. */
export function MachineItem({ row, look, number, live, perMinute, now }: Props) {
  const { view } = useStores()
  const alone = useView((state) => state.solo === row.name)
  const dimmed = useView((state) => state.solo !== '' && state.solo !== row.name)
  const { takesPart, toggle } = useNextRun(row.name)
  const { part } = row
  const inRun = live && part !== null && !row.isGivenBack
  const slots = (inRun && part.slots) || row.status?.slots || 0
  const silent = isSilent(row, live)
  const shown = silent ? [] : machineFigures(row, perMinute, now)
  return (
    <li
      className="machine"
      data-mood={row.mood}
      data-silent={silent || undefined}
      data-dimmed={dimmed || undefined}
    >
      <Tip
        text={`${aloneText(row.name, number)}.${toggle ? ' Shift-click leaves it out of the next run.' : ''}`}
      >
        <button
          type="button"
          className="machine-solo"
          aria-pressed={alone}
          onClick={(event) => (event.shiftKey ? toggle?.() : view.toggleSolo(row.name))}
        >
          <MachineSwatch look={look} />
          <span className="machine-name">{titleOf(row.name)}</span>
          {!takesPart && <span className="machine-tag">not in next run</span>}
          <span className="machine-slots">
            {inRun ? (
              <>
                <b>{part.building}</b>/{slots || '–'}
              </>
            ) : (
              slots > 0 && `${slots} slots`
            )}
          </span>
        </button>
      </Tip>
      <MachineMenu row={row} live={live} takesPart={takesPart} onToggle={toggle} />
      {inRun && slots > 0 && (
        <span className="machine-bar" aria-hidden="true">
          <span
            style={{
              width: `${Math.min(100, (100 * part.building) / slots)}%`,
              background: look.colour,
            }}
          />
        </span>
      )}
      {row.words && (
        <Tip text={row.words}>
          <p className="machine-words">
            {row.mood === 'warning' && <Icon name="warning" />}
            <span>
              {row.words}
              {live && retryText(part, now)}
              {progressText(part?.progress)}
            </span>
          </p>
        </Tip>
      )}
      <Tip text={shown.join(' · ')}>
        <p className="machine-figures" hidden={shown.length === 0}>
          {shown.map((figure) => (
            <span key={figure}>{figure}</span>
          ))}
        </p>
      </Tip>
    </li>
  )
}

/** What a click does, with the key that does the same; only the first few machines have one. */
function aloneText(name: string, number: number): string {
  const what = commandTitle('show-alone', name)
  const key = keysOf('grid-solo')[number - 1]
  return key === undefined ? what : `${what} (${shownKey(key)})`
}

function progressText(progress: { done: number; total: number } | null | undefined): string {
  if (!progress || progress.total <= 0) return ''
  return ` ${Math.floor((100 * progress.done) / progress.total)}%`
}

function MachineMenu({
  row,
  live,
  takesPart,
  onToggle,
}: {
  row: MachineRow
  live: boolean
  takesPart: boolean
  /** Absent where no setting may name it. */
  onToggle: (() => void) | undefined
}) {
  const { actions, machines, view } = useStores()
  const { name, part, status } = row
  const open = live && part && (part.phase === 'ready' || part.phase === 'preparing')
  const isOut = !part || part.phase === 'left'
  const isGiven = giverOf(name) !== ''
  return (
    <Menu
      label={`More about ${titleOf(name)}`}
      kind="quiet"
      icon
      align="end"
      button={<Icon name="more" />}
    >
      {open && (
        <MenuItem onChoose={() => void actions.act({ kind: 'drain', machine: name })}>
          Drain: finish, then take no more
        </MenuItem>
      )}
      {live && part?.phase === 'draining' && (
        <MenuItem onChoose={() => void actions.act({ kind: 'undrain', machine: name })}>
          Take work again
        </MenuItem>
      )}
      {live && part?.phase === 'lost' && (
        <MenuItem onChoose={() => void actions.act({ kind: 'add-machine', machine: name })}>
          Try it again now
        </MenuItem>
      )}
      {live && !isOut && (
        <MenuItem onChoose={() => void actions.act({ kind: 'cancel-machine', machine: name })}>
          Stop its builds and give them to others
        </MenuItem>
      )}
      {live && isOut && !isGiven && (
        <MenuItem onChoose={() => void actions.act({ kind: 'add-machine', machine: name })}>
          Add to this run
        </MenuItem>
      )}
      {onToggle && (
        <MenuItem onChoose={onToggle} hint="Shift-click">
          {takesPart ? 'Leave out of the next run' : 'Take into the next run'}
        </MenuItem>
      )}
      {(status || !isGiven) && (
        <MenuItem onChoose={() => void machines.probe([name])}>Probe again</MenuItem>
      )}
      <MenuItem onChoose={() => view.openDialog({ name: 'machine-facts', machine: name })}>
        What it has …
      </MenuItem>
      {status && name !== LOCAL && !isGiven && (
        <>
          <div className="menu-line" />
          <MenuItem onChoose={() => view.openDialog({ name: 'machine', machine: name })}>
            Edit …
          </MenuItem>
          <MenuItem onChoose={() => void machines.move(name, -1)}>Move up</MenuItem>
          <MenuItem onChoose={() => void machines.move(name, 1)}>Move down</MenuItem>
          <MenuItem onChoose={() => view.openDialog({ name: 'remove-machine', machine: name })}>
            Remove …
          </MenuItem>
        </>
      )}
    </Menu>
  )
}

/** Whether a machine takes part in the next run, and what changes that; nothing where it is had for a time. */
function useNextRun(name: string): {
  readonly takesPart: boolean
  readonly toggle: (() => void) | undefined
} {
  const { settings } = useStores()
  const app = useSettings((state) => state.settings)
  const all = useMachines((state) => state.own)
  if (!app || giverOf(name) !== '') return { takesPart: true, toggle: undefined }
  const takesPart = isInNextRun(app, name)
  if (name === LOCAL) {
    return {
      takesPart,
      toggle: () => void settings.change({ noLocal: !app.noLocal }),
    }
  }
  const names = all.map((machine) => machine.config.name)
  return {
    takesPart,
    toggle: () => void settings.change(withoutMachine(app, names, name)),
  }
}

import type { MachineLook } from '../../src-core/machine-colours.ts'
import { LOCAL } from '../../src-core/model.ts'
import { keysOf, shownKey } from '../../src-preload/key-bindings.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import { withoutMachine } from '../state/launch/launch-store.ts'
import { useMachines, useSettings, useStores, useView } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { MenuItem, Popover } from '../ui/Popover.tsx'
import { agoText, commandTitle, megabytesText, titleOf } from '../words.ts'
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
  const slots = (live && part?.slots) || row.status?.slots || 0
  const isSilent = row.status?.state === 'unavailable' && !(live && part)
  const shown = isSilent ? [] : figures(row, live, perMinute, now)
  return (
    <li
      className="machine"
      data-mood={row.mood}
      data-silent={isSilent || undefined}
      data-dimmed={dimmed || undefined}
    >
      <button
        type="button"
        className="machine-solo"
        aria-pressed={alone}
        title={`${aloneText(row.name, number)}. Shift-click leaves it out of the next run.`}
        onClick={(event) => (event.shiftKey ? toggle() : view.toggleSolo(row.name))}
      >
        <MachineSwatch look={look} name={row.name} />
        <span className="machine-name">{titleOf(row.name)}</span>
        {!takesPart && <span className="machine-tag">not in next run</span>}
        <span className="machine-slots">
          {live && part ? (
            <>
              <b>{part.building}</b>/{slots || '–'}
            </>
          ) : (
            slots > 0 && `${slots} slots`
          )}
        </span>
      </button>
      <MachineMenu row={row} live={live} takesPart={takesPart} onToggle={toggle} />
      {live && part && slots > 0 && (
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
        <p className="machine-words" title={isSilent ? row.words : undefined}>
          {row.mood === 'warning' && <Icon name="warning" />}
          <span>
            {row.words}
            {live && retryText(part, now)}
            {progressText(part?.progress)}
          </span>
        </p>
      )}
      <p className="machine-figures" title={shown.join(' · ')} hidden={shown.length === 0}>
        {shown.map((figure) => (
          <span key={figure}>{figure}</span>
        ))}
      </p>
    </li>
  )
}

/** What a click does, with the key that does the same; only the first few machines have one. */
function aloneText(name: string, number: number): string {
  const what = commandTitle('show-alone', name)
  const key = keysOf('grid-solo')[number - 1]
  return key === undefined ? what : `${what} (${shownKey(key)})`
}

function figures(
  { part, status }: MachineRow,
  live: boolean,
  perMinute: number | null,
  now: number,
): readonly string[] {
  const facts = status?.facts
  const load = live && part?.load1m ? part.load1m : facts?.load1m
  const memory = live && part?.memAvailableMb ? part.memAvailableMb : facts?.memAvailableMb
  const heard = agoText(live && part?.lastHeard ? part.lastHeard : (status?.probedAt ?? 0), now)
  return [
    ...(part ? [`${part.done.toLocaleString('en')} done`] : []),
    ...(part && part.failed > 0 ? [`${part.failed.toLocaleString('en')} failed`] : []),
    ...(perMinute === null || perMinute === 0
      ? []
      : [`${perMinute.toFixed(perMinute < 10 ? 1 : 0)}/min`]),
    ...(load === undefined ? [] : [`load ${load.toFixed(1)}`]),
    ...(memory === undefined || part ? [] : [`${megabytesText(memory)} free`]),
    ...(heard === '' || heard === 'now' ? [] : [heard]),
  ]
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
  onToggle: () => void
}) {
  const { actions, machines, view } = useStores()
  const { name, part, status } = row
  const open = live && part && (part.phase === 'ready' || part.phase === 'preparing')
  const isOut = !part || part.phase === 'left'
  return (
    <Popover
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
      {live && isOut && (
        <MenuItem onChoose={() => void actions.act({ kind: 'add-machine', machine: name })}>
          Add to this run
        </MenuItem>
      )}
      <MenuItem onChoose={onToggle} hint="Shift-click">
        {takesPart ? 'Leave out of the next run' : 'Take into the next run'}
      </MenuItem>
      <MenuItem onChoose={() => void machines.probe([name])}>Probe again</MenuItem>
      <MenuItem onChoose={() => view.openDialog({ name: 'machine-facts', machine: name })}>
        What it has …
      </MenuItem>
      {status && name !== LOCAL && (
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
    </Popover>
  )
}

/** Whether a machine takes part in the next run, and what changes that. */
function useNextRun(name: string): { readonly takesPart: boolean; readonly toggle: () => void } {
  const { settings } = useStores()
  const app = useSettings((state) => state.settings)
  const all = useMachines((state) => state.machines)
  if (!app) return { takesPart: true, toggle: () => {} }
  if (name === LOCAL) {
    return {
      takesPart: !app.noLocal,
      toggle: () => void settings.change({ noLocal: !app.noLocal }),
    }
  }
  const names = all.map((machine) => machine.config.name)
  return {
    takesPart: app.distribute && (app.useMachines.length === 0 || app.useMachines.includes(name)),
    toggle: () => void settings.change(withoutMachine(app, names, name)),
  }
}

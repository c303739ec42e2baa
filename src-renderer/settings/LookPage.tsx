import { useId } from 'react'
import { chosenColour, type MachineLook, noLook } from '../../src-core/machine-colours.ts'
import { colourWarnings } from '../look/colour-check.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import {
  useChosenColours,
  useMachineLooks,
  useMachines,
  useSettings,
  useStores,
} from '../state/use-stores.ts'
import { Button, Segments } from '../ui/controls.tsx'
import { titleOf } from '../words.ts'
import { SettingsGroup } from './rows.tsx'

/** Theme, density, and the colours of machines. */
export function LookPage() {
  const { settings } = useStores()
  const theme = useSettings((state) => state.settings?.theme ?? 'system')
  const density = useSettings((state) => state.settings?.density ?? 'comfortable')
  return (
    <>
      <SettingsGroup title="Window">
        <div className="setting">
          <span>Theme</span>
          <Segments
            label="Theme"
            value={theme}
            options={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            onChange={(next) => void settings.change({ theme: next })}
          />
        </div>
        <div className="setting">
          <span>Density</span>
          <Segments
            label="Density"
            value={density}
            options={[
              { value: 'comfortable', label: 'Comfortable' },
              { value: 'compact', label: 'Compact' },
            ]}
            onChange={(next) => void settings.change({ density: next })}
          />
        </div>
      </SettingsGroup>
      <SettingsGroup title="Colours of machines">
        <p className="hint">
          The built-in colours can be told apart by people with any kind of colour vision, twelve at
          once. A colour always means a machine, and never how a build ended.
        </p>
        <Palette />
      </SettingsGroup>
    </>
  )
}

function Palette() {
  const { settings } = useStores()
  const machines = useMachines((state) => state.own)
  const chosen = useChosenColours()
  const looks = useMachineLooks()
  const names = machines.map(({ config }) => config.name)
  const used = names.map((name) => ({
    name: titleOf(name),
    colour: (looks.get(name) ?? noLook).colour,
  }))
  const warnings = colourWarnings(used)
  const change = (machine: string, colour: string | null) => {
    const { [machine]: _, ...others } = chosen
    void settings.change({
      machineColours: colour === null ? others : { ...others, [machine]: colour },
    })
  }
  return (
    <>
      <ul className="palette-list">
        {names.map((name) => (
          <ColourRow
            key={name}
            name={name}
            look={looks.get(name) ?? noLook}
            own={chosenColour(name, chosen) !== undefined}
            onChange={(colour) => change(name, colour)}
          />
        ))}
      </ul>
      <div role="status">
        {warnings.map((warning) => (
          <p key={warning} className="mistake">
            {warning}
          </p>
        ))}
      </div>
    </>
  )
}

function ColourRow({
  name,
  look,
  own,
  onChange,
}: {
  name: string
  look: MachineLook
  /** A person chose it. */
  own: boolean
  onChange: (colour: string | null) => void
}) {
  const id = useId()
  return (
    <li>
      <MachineSwatch look={look} />
      <label htmlFor={id}>{titleOf(name)}</label>
      <input
        id={id}
        type="color"
        value={look.colour.toLowerCase()}
        onChange={(event) => onChange(event.target.value)}
      />
      {own && (
        <Button kind="quiet" onClick={() => onChange(null)}>
          Built-in colour
        </Button>
      )}
    </li>
  )
}

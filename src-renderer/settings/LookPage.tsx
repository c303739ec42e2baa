import { useId } from 'react'
import { machineCodes, machineHue, type PaletteOverrides } from '../look/palette.ts'
import { paletteWarnings } from '../look/palette-check.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import { useMachines, usePalette, useSettings, useStores } from '../state/use-stores.ts'
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
  const machines = useMachines((state) => state.machines)
  const slots = useMachines((state) => state.slots)
  const palette = usePalette()
  const names = machines.map(({ config }) => config.name)
  const codes = machineCodes(names)
  const used = names.map((name) => ({
    name: titleOf(name),
    colour: machineHue(slots.get(name) ?? 0, palette).colour,
  }))
  const warnings = paletteWarnings(used)
  const change = (slot: number, colour: string | null) => {
    const { [String(slot)]: _, ...others } = palette
    void settings.change({
      palette: colour === null ? others : { ...others, [String(slot)]: colour },
    })
  }
  return (
    <>
      <ul className="palette-list">
        {names.map((name) => {
          const slot = slots.get(name) ?? 0
          return (
            <ColourRow
              key={name}
              name={name}
              code={codes.get(name) ?? ''}
              slot={slot}
              palette={palette}
              onChange={(colour) => change(slot, colour)}
            />
          )
        })}
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
  code,
  slot,
  palette,
  onChange,
}: {
  name: string
  code: string
  slot: number
  palette: PaletteOverrides
  onChange: (colour: string | null) => void
}) {
  const id = useId()
  const { colour, ink, dotted } = machineHue(slot, palette)
  const own = palette[String(slot)] !== undefined
  return (
    <li>
      <MachineSwatch colour={colour} ink={ink} dotted={dotted} code={code} name={name} />
      <label htmlFor={id}>{titleOf(name)}</label>
      <input
        id={id}
        type="color"
        value={colour.toLowerCase()}
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

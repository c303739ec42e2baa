import { LOCAL } from '../../src-core/model.ts'
import { withoutMachine } from '../state/launch/launch-store.ts'
import { useMachines, useSettings, useStores, useWhere } from '../state/use-stores.ts'
import { Switch } from '../ui/controls.tsx'
import { Popover } from '../ui/Popover.tsx'
import { ProviderChoice } from './ProviderChoice.tsx'
import { whereText } from './where-text.ts'

/** The three toggles: share the boards out, leave this computer out, which machines take part; who is asked for more. */
export function WherePicker() {
  const { settings } = useStores()
  const app = useSettings((state) => state.settings)
  const machines = useMachines((state) => state.own)
  const { wishes } = useWhere()
  if (!app) return null
  const names = machines.map(({ config }) => config.name)
  const remote = names.filter((name) => name !== LOCAL)
  const used = remote.filter(
    (name) => app.useMachines.length === 0 || app.useMachines.includes(name),
  )
  return (
    <section className="launch-where" aria-label="Where">
      <div className="launch-row">
        <Switch
          label="Distribute"
          hint="Share the boards out over the machines"
          checked={app.distribute}
          onChange={(distribute) => void settings.change({ distribute })}
        />
        <Popover
          className="launch-link"
          button={whereText(used.length, remote.length, app.distribute, wishes)}
        >
          <p className="menu-title">Machines that take part</p>
          {remote.map((name) => (
            <label key={name} className="menu-item">
              <input
                type="checkbox"
                className="check"
                checked={app.distribute && used.includes(name)}
                onChange={() => void settings.change(withoutMachine(app, names, name))}
              />
              {name}
            </label>
          ))}
          {remote.length === 0 && <p className="menu-title">None is configured yet.</p>}
          <ProviderChoice />
        </Popover>
      </div>
      <Switch
        label="No local"
        hint="Build nothing on this computer"
        checked={app.noLocal}
        onChange={(noLocal) => void settings.change({ noLocal })}
      />
    </section>
  )
}

import { problemText } from '../../src-core/result.ts'
import type { UpdateState } from '../state/update-store.ts'
import { useSettings, useStores, useUpdate } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'
import { Tip } from '../ui/Tip.tsx'
import { SettingsGroup, SwitchRow, TextRow } from './rows.tsx'

const examples = [
  ['VS Code', 'code --goto {file}:{line}:{column}'],
  ['Vim in a terminal', 'x-terminal-emulator -e vim +{line} {file}'],
  ['Emacs', 'emacsclient -n +{line}:{column} {file}'],
  ['Kate', 'kate --line {line} --column {column} {file}'],
] as const

/** The editor that errors are opened in, and when the system is told of a run. */
export function ToolsPage() {
  const { settings } = useStores()
  const editor = useSettings((state) => state.settings?.editorCommand ?? '')
  const notifications = useSettings((state) => state.settings?.notifications ?? true)
  return (
    <>
      <SettingsGroup title="Editor">
        <TextRow
          label="Command"
          explain="{file}, {line} and {column} are filled in. No shell reads it."
          value={editor}
          placeholder="code --goto {file}:{line}:{column}"
          onChange={(text) => void settings.change({ editorCommand: text.trim() })}
        />
        <div className="setting">
          <span>For instance</span>
          <div className="editor-examples">
            {examples.map(([name, command]) => (
              <Tip key={name} text={command}>
                <button
                  type="button"
                  className="chip"
                  aria-pressed={editor === command}
                  onClick={() => void settings.change({ editorCommand: command })}
                >
                  {name}
                </button>
              </Tip>
            ))}
          </div>
        </div>
      </SettingsGroup>
      <SettingsGroup title="Notices">
        <SwitchRow
          label="Tell the system when a run ends or first fails"
          explain="Only while the window is hidden or behind others."
          checked={notifications}
          onChange={(on) => void settings.change({ notifications: on })}
        />
      </SettingsGroup>
      <Updates />
    </>
  )
}

function Updates() {
  const { settings, update } = useStores()
  const isOn = useSettings((state) => state.settings?.updateCheck ?? false)
  const address = useSettings((state) => state.settings?.releasesAddress ?? '')
  const found = useUpdate((state) => state.found)
  return (
    <SettingsGroup title="Updates">
      <SwitchRow
        label="Look for a newer Slipway when it starts"
        explain="Asks one address for its newest release. Nothing is told of you, nothing is installed."
        checked={isOn}
        onChange={(on) => void settings.change({ updateCheck: on })}
      />
      <TextRow
        label="Address"
        explain="Tells of the newest release. Empty for the one that this build knows, if any."
        value={address}
        placeholder="https://…"
        onChange={(text) => void settings.change({ releasesAddress: text.trim() })}
      />
      <div className="setting">
        <Button disabled={found.status === 'loading'} onClick={() => void update.look()}>
          Look now
        </Button>
        <p className="hint" role="status">
          {updateText(found)}
        </p>
      </div>
    </SettingsGroup>
  )
}

function updateText(found: UpdateState['found']): string {
  switch (found.status) {
    case 'idle':
      return ''
    case 'loading':
      return 'Asking …'
    case 'failed':
      return problemText(found.problem)
    case 'ready':
      return found.value ? `Slipway ${found.value.version} is there` : 'There is no newer one'
  }
}

import { useSettings, useStores } from '../state/use-stores.ts'
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
              <button
                key={name}
                type="button"
                className="chip"
                title={command}
                aria-pressed={editor === command}
                onClick={() => void settings.change({ editorCommand: command })}
              >
                {name}
              </button>
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
    </>
  )
}

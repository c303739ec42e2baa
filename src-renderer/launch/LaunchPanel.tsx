import { BoardPicker } from './BoardPicker.tsx'
import { BuildButton } from './BuildButton.tsx'
import { CommitPicker } from './CommitPicker.tsx'
import { TreePicker } from './TreePicker.tsx'
import { WherePicker } from './WherePicker.tsx'
import './launch.css'

/** What to build, where, and the button that does it: all on one screen. */
export function LaunchPanel() {
  return (
    <aside className="launch-panel" aria-label="Build">
      <TreePicker />
      <CommitPicker />
      <BoardPicker />
      <WherePicker />
      <BuildButton />
    </aside>
  )
}

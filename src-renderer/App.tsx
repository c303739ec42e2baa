import { type CSSProperties, useEffect } from 'react'
import { openGivenRun } from './commands/open-run-file.ts'
import { runWindowCommand, windowCommandOfKey } from './commands/window-commands.ts'
import { Announcer } from './frame/Announcer.tsx'
import { Dialogs } from './frame/Dialogs.tsx'
import { Notices } from './frame/Notices.tsx'
import { QuestionDialog } from './frame/QuestionDialog.tsx'
import { Stage } from './frame/Stage.tsx'
import { TopBar } from './frame/TopBar.tsx'
import { useTreeDrop } from './frame/use-tree-drop.ts'
import { LaunchPanel } from './launch/LaunchPanel.tsx'
import { MachinesPanel } from './machines/MachinesPanel.tsx'
import type { Stores } from './state/stores.ts'
import { StoresContext, useSettings, useView } from './state/use-stores.ts'
import { Tips } from './ui/Tip.tsx'
import './frame/frame.css'

export function App({ stores }: { stores: Stores }) {
  useEffect(() => {
    const stop = stores.boss.on('menu:command', (command) => runWindowCommand(stores, command))
    const stopFiles = stores.boss.on('run:file-given', () => void openGivenRun(stores))
    void openGivenRun(stores)
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const command = windowCommandOfKey(event, event.target)
      if (command) runWindowCommand(stores, command)
    }
    window.addEventListener('keydown', press)
    return () => {
      stop()
      stopFiles()
      window.removeEventListener('keydown', press)
    }
  }, [stores])
  return (
    <StoresContext value={stores}>
      <Tips>
        <Frame />
        <Dialogs />
        <QuestionDialog />
        <Announcer />
      </Tips>
    </StoresContext>
  )
}

function Frame() {
  const launchOpen = useView((view) => view.launchOpen)
  const machinesOpen = useView((view) => view.machinesOpen)
  const density = useSettings((state) => state.settings?.density ?? 'comfortable')
  const panels = useSettings((state) => state.settings?.panels)
  const widths: CSSProperties & Readonly<Record<`--${string}`, string | undefined>> = {
    '--launch-width': widthOf(panels?.launch),
    '--machines-width': widthOf(panels?.machines),
  }
  const drop = useTreeDrop()
  useEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  return (
    <div className="frame" style={widths} {...drop.handlers}>
      <TopBar />
      <Notices />
      {launchOpen && <LaunchPanel />}
      <Stage />
      {machinesOpen && <MachinesPanel />}
      {drop.over && <p className="drop-hint">Open this tree or run</p>}
    </div>
  )
}

/** Nothing where the person left the width to the window. */
function widthOf(kept = 0): string | undefined {
  return kept > 0 ? `${kept}px` : undefined
}

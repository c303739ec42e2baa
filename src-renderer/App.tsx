import { useEffect } from 'react'
import { assertNever } from '../src-core/model.ts'
import type { MenuCommand } from '../src-preload/contract.ts'
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
import { tabs } from './state/tabs.ts'
import { StoresContext, useSettings, useView } from './state/use-stores.ts'
import './frame/frame.css'

export function App({ stores }: { stores: Stores }) {
  useEffect(() => {
    const stop = stores.boss.on('menu:command', (command) => obey(stores, command))
    const press = (event: KeyboardEvent) => {
      const inText =
        event.target instanceof Element && event.target.closest('input, textarea, select')
      if (event.key === '?' && !inText) stores.view.openDialog({ name: 'help' })
      const wanted = event.altKey && /^[1-9]$/.test(event.key) ? tabs[Number(event.key) - 1] : null
      if (wanted) stores.view.change({ tab: wanted.id })
    }
    window.addEventListener('keydown', press)
    return () => {
      stop()
      window.removeEventListener('keydown', press)
    }
  }, [stores])
  return (
    <StoresContext value={stores}>
      <Frame />
      <Dialogs />
      <QuestionDialog />
      <Announcer />
    </StoresContext>
  )
}

function Frame() {
  const launchOpen = useView((view) => view.launchOpen)
  const machinesOpen = useView((view) => view.machinesOpen)
  const density = useSettings((state) => state.settings?.density ?? 'comfortable')
  const drop = useTreeDrop()
  useEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  return (
    <div className="frame" {...drop.handlers}>
      <TopBar />
      <Notices />
      {launchOpen && <LaunchPanel />}
      <Stage />
      {machinesOpen && <MachinesPanel />}
      {drop.over && <p className="drop-hint">Open this tree</p>}
    </div>
  )
}

/** What the entries of the menu do. */
function obey({ launch, actions, view, runs, terminals }: Stores, command: MenuCommand): void {
  switch (command) {
    case 'open-tree':
      void launch.chooseFolder()
      return
    case 'build':
      void actions.start()
      return
    case 'stop':
      if (runs.store.getState().status === 'running') void actions.act({ kind: 'cancel' })
      return
    case 'kill-workers':
      view.openDialog({ name: 'stale-workers' })
      return
    case 'help':
      view.openDialog({ name: 'help' })
      return
    case 'about':
      view.openDialog({ name: 'about' })
      return
    case 'settings':
      view.openDialog({ name: 'settings' })
      return
    case 'history':
      view.change({ tab: 'history' })
      return
    case 'palette':
      view.openDialog({ name: 'palette' })
      return
    case 'new-terminal': {
      const { dir, tree } = launch.store.getState()
      view.change({ tab: 'terminals' })
      if (tree.status === 'ready') void terminals.open({ kind: 'tree', dir })
      return
    }
    default:
      assertNever(command)
  }
}

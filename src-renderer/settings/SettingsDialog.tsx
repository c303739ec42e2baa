import { useState } from 'react'
import { useSettings } from '../state/use-stores.ts'
import { Button, Segments, Working } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { BuildSettingsPage } from './BuildSettingsPage.tsx'
import { FirmwarePage } from './FirmwarePage.tsx'
import { LookPage } from './LookPage.tsx'
import { MachinesPage } from './MachinesPage.tsx'
import { ToolsPage } from './ToolsPage.tsx'
import './settings.css'

const pages = {
  builds: BuildSettingsPage,
  machines: MachinesPage,
  firmware: FirmwarePage,
  look: LookPage,
  tools: ToolsPage,
} as const
type PageName = keyof typeof pages

/** Every setting, explained. What is changed holds at once: there is nothing to confirm. */
export function SettingsDialog({
  first = 'builds',
  onClose,
}: {
  first?: PageName
  onClose: () => void
}) {
  const [page, setPage] = useState<PageName>(first)
  const ready = useSettings((state) => state.settings !== null)
  const warnings = useSettings((state) => state.warnings)
  const Page = pages[page]
  return (
    <Dialog title="Settings" size="large" onClose={onClose}>
      <div className="settings-pages">
        <Segments
          label="Settings of"
          value={page}
          options={[
            { value: 'builds', label: 'Builds' },
            { value: 'machines', label: 'Machines' },
            { value: 'firmware', label: 'Firmware' },
            { value: 'look', label: 'Look' },
            { value: 'tools', label: 'Editor, notices, updates' },
          ]}
          onChange={setPage}
        />
      </div>
      <div className="dialog-body settings">
        {warnings.length > 0 && (
          <p className="mistake" role="alert">
            {warnings.join(' ')}
          </p>
        )}
        {ready ? <Page /> : <Working what="Reading the settings …" />}
      </div>
      <footer>
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </footer>
    </Dialog>
  )
}

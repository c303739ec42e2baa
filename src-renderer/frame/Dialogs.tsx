import { assertNever } from '../../src-core/model.ts'
import { CompareMachinesDialog } from '../alike/CompareMachinesDialog.tsx'
import { FindCommitDialog } from '../bisect/FindCommitDialog.tsx'
import { PaletteDialog } from '../commands/PaletteDialog.tsx'
import { FetchCompilersDialog } from '../machines/compilers/FetchCompilersDialog.tsx'
import { MachineDialog } from '../machines/MachineDialog.tsx'
import { MachineFactsDialog } from '../machines/MachineFactsDialog.tsx'
import { RemoveMachineDialog } from '../machines/RemoveMachineDialog.tsx'
import { StaleWorkersDialog } from '../machines/StaleWorkersDialog.tsx'
import { SettingsDialog } from '../settings/SettingsDialog.tsx'
import { useStores, useView } from '../state/use-stores.ts'
import { SaveReportDialog } from '../summary/SaveReportDialog.tsx'
import { SaveRunDialog } from '../summary/SaveRunDialog.tsx'
import { CloseTerminalDialog } from '../terminal/CloseTerminalDialog.tsx'
import { AboutDialog } from './AboutDialog.tsx'
import { HelpDialog } from './HelpDialog.tsx'
import { ProblemReportDialog } from './ProblemReportDialog.tsx'

/** The one dialog that is open, if any. */
export function Dialogs() {
  const { view } = useStores()
  const dialog = useView((state) => state.dialog)
  const close = view.closeDialog
  if (!dialog) return null
  switch (dialog.name) {
    case 'about':
      return <AboutDialog onClose={close} />
    case 'report-problem':
      return <ProblemReportDialog onClose={close} />
    case 'help':
      return <HelpDialog onClose={close} />
    case 'settings':
      return <SettingsDialog {...(dialog.page && { first: dialog.page })} onClose={close} />
    case 'palette':
      return <PaletteDialog onClose={close} />
    case 'save-report':
      return <SaveReportDialog runId={dialog.runId} onClose={close} />
    case 'save-run':
      return <SaveRunDialog runId={dialog.runId} onClose={close} />
    case 'find-commit':
      return <FindCommitDialog build={dialog.build} onClose={close} />
    case 'close-terminal':
      return <CloseTerminalDialog id={dialog.id} onClose={close} />
    case 'stale-workers':
      return <StaleWorkersDialog onClose={close} />
    case 'compare-machines':
      return <CompareMachinesDialog build={dialog.build} onClose={close} />
    case 'fetch-compilers':
      return <FetchCompilersDialog onClose={close} />
    case 'machine':
      return <MachineDialog name={dialog.machine} onClose={close} />
    case 'machine-facts':
      return <MachineFactsDialog name={dialog.machine} onClose={close} />
    case 'remove-machine':
      return <RemoveMachineDialog name={dialog.machine} onClose={close} />
    default:
      return assertNever(dialog)
  }
}

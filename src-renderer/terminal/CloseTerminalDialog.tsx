import { useStores, useTerminals } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Asks before it ends what may still run in a terminal. */
export function CloseTerminalDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { terminals } = useStores()
  const title = useTerminals((state) => state.tabs.find((tab) => tab.id === id)?.title ?? '')
  return (
    <Dialog title={`Close the terminal ${title}?`} onClose={onClose}>
      <div className="dialog-body">
        <p>What runs in it is ended.</p>
      </div>
      <footer>
        <Button onClick={onClose}>Keep it</Button>
        <Button
          kind="primary"
          onClick={() => {
            terminals.close(id)
            onClose()
          }}
        >
          Close it
        </Button>
      </footer>
    </Dialog>
  )
}

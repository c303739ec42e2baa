import { useState } from 'react'
import type { Problem } from '../../src-core/result.ts'
import { useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'

export function RemoveMachineDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { machines } = useStores()
  const [problem, setProblem] = useState<Problem | null>(null)
  const remove = async () => {
    const result = await machines.remove(name)
    if (result.ok) onClose()
    else setProblem(result.problem)
  }
  return (
    <Dialog title={`Remove ${name}?`} onClose={onClose}>
      <div className="dialog-body">
        <p>
          It is taken out of ~/.buildman, where everything else stays as it is. Nothing is removed
          from the machine itself.
        </p>
        {problem && <ProblemNote problem={problem} />}
      </div>
      <footer>
        <Button onClick={onClose}>Keep it</Button>
        <Button kind="danger" onClick={() => void remove()}>
          Remove
        </Button>
      </footer>
    </Dialog>
  )
}

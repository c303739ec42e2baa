import { useState } from 'react'
import type { MachineConfig, MachineStatus } from '../../src-core/model.ts'
import type { Result } from '../../src-core/result.ts'
import { useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { triedText } from './tried-text.ts'

type Answer = { readonly to: string; readonly result: Result<MachineStatus> }

/**
 * Tries a machine that need not be saved yet, and says what came of it for as long as nothing of it is
 * changed. `config` is null while something that was typed is no machine: `onMistake` then shows what.
 */
export function useTryMachine(config: MachineConfig | null, onMistake: () => void) {
  const { machines } = useStores()
  const [trying, setTrying] = useState('')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const asked = JSON.stringify(config)
  const tryOut = async () => {
    if (config === null) return onMistake()
    setTrying(asked)
    setAnswer({ to: asked, result: await machines.tryOut(config) })
    setTrying('')
  }
  const button = (
    <Button disabled={trying !== ''} onClick={() => void tryOut()}>
      {trying === '' ? 'Test' : 'Testing …'}
    </Button>
  )
  const current = answer?.to === asked && trying === '' ? answer.result : null
  return { button, says: current && <Tried result={current} /> }
}

function Tried({ result }: { result: Result<MachineStatus> }) {
  if (!result.ok) return <ProblemNote problem={result.problem} />
  const { state, reason, notes } = result.value
  if (state !== 'available') return <ProblemNote problem={{ what: reason, hint: '' }} />
  return (
    <div className="machine-tried" role="status">
      <p>{triedText(result.value)}</p>
      {notes.map((note) => (
        <p key={note} className="hint">
          {note}
        </p>
      ))}
    </div>
  )
}

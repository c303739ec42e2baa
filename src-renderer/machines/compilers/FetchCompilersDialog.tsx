import { machineTitle, plural } from '../../../src-core/basics/words.ts'
import type { Events } from '../../../src-preload/contract.ts'
import {
  type CompilerFetch,
  type MissingCompiler,
  missingCompilers,
} from '../../state/compilers-store.ts'
import { useCompilers, useLaunch, useMachines, useStores } from '../../state/use-stores.ts'
import { Button } from '../../ui/controls.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { titleOf } from '../../words.ts'
import { fetchText, progressOf } from './fetch-progress.ts'
import './fetch-compilers.css'

/** Fetches what boards of the plan wait for, to all machines. It goes on when the dialog is closed. */
export function FetchCompilersDialog({ onClose }: { onClose: () => void }) {
  const { compilers } = useStores()
  const { fetches, isGoingOn } = useCompilers((state) => state)
  const plan = useLaunch((state) => (state.plan.status === 'ready' ? state.plan.value : null))
  const missing = plan ? missingCompilers(plan) : []
  const open = fetches.filter(({ state }) => state === 'failed' || state === 'cancelled')
  return (
    <Dialog
      title="Fetch the missing compilers"
      size="large"
      onClose={() => {
        compilers.forget()
        onClose()
      }}
    >
      <div className="dialog-body fetch-compilers">
        {fetches.length > 0 ? <Fetches fetches={fetches} /> : <Wanted missing={missing} />}
      </div>
      <footer>
        {isGoingOn ? (
          <Button onClick={() => void compilers.cancel()}>Cancel</Button>
        ) : (
          <FetchButton wanted={fetches.length === 0 ? missing : open} again={fetches.length > 0} />
        )}
      </footer>
    </Dialog>
  )
}

function FetchButton({ wanted, again }: { wanted: readonly MissingCompiler[]; again: boolean }) {
  const { compilers } = useStores()
  if (wanted.length === 0) return null
  return (
    <Button kind="primary" onClick={() => void compilers.fetch(wanted)}>
      {again ? 'Try again' : 'Fetch'} {plural(wanted.length, 'compiler')}
    </Button>
  )
}

/** Before: by architecture, since every machine lacks the same ones. */
function Wanted({ missing }: { missing: readonly MissingCompiler[] }) {
  if (missing.length === 0) return <p>No board of the plan waits for a compiler to fetch.</p>
  const machines = new Set(missing.map(({ machine }) => machine))
  const [first] = machines
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Architecture</th>
            <th scope="col" className="number">
              Boards
            </th>
            <th scope="col">Machines</th>
          </tr>
        </thead>
        <tbody>
          {missing
            .filter(({ machine }) => machine === first)
            .map(({ arch, boards }) => (
              <tr key={arch}>
                <td>{arch}</td>
                <td className="number">{boards.toLocaleString('en')}</td>
                <td>{[...machines].map(machineTitle).join(', ')}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p className="hint">
        Each archive is downloaded once and sent to the machines from here. Its size is shown as
        soon as the server says it.
      </p>
    </>
  )
}

function Fetches({ fetches }: { fetches: readonly CompilerFetch[] }) {
  const steps = useMachines((state) => state.fetching)
  return (
    <>
      <progress
        aria-label="Compilers fetched"
        max={1}
        value={progressOf(fetches, (machine) => steps.get(machine))}
      />
      <table>
        <tbody>
          {fetches.map((one) => (
            <FetchRow key={`${one.machine} ${one.arch}`} one={one} step={steps.get(one.machine)} />
          ))}
        </tbody>
      </table>
    </>
  )
}

function FetchRow({
  one,
  step,
}: {
  one: CompilerFetch
  step: Events['toolchain:progress'] | undefined
}) {
  const { compilers } = useStores()
  const isGoingOn = useCompilers((state) => state.isGoingOn)
  return (
    <tr data-state={one.state}>
      <th scope="row">{titleOf(one.machine)}</th>
      <td>{one.arch}</td>
      <td className="fetch-says">
        {fetchText(one, step)}
        {one.state === 'unvouched' && (
          <Button disabled={isGoingOn} onClick={() => void compilers.fetch([one], true)}>
            Install it unchecked
          </Button>
        )}
      </td>
    </tr>
  )
}

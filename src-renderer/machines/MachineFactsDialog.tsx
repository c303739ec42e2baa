import { useRef, useState } from 'react'
import type { MachineStatus } from '../../src-core/model.ts'
import type { Problem } from '../../src-core/result.ts'
import { useMachines, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Tip } from '../ui/Tip.tsx'
import { megabytesText, titleOf } from '../words.ts'
import './machine-facts.css'

/** What a probe found on a machine: figures, tools, compilers, and what it is left out of and why. */
export function MachineFactsDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { machines } = useStores()
  const status = useMachines((state) => state.machines.find(({ config }) => config.name === name))
  return (
    <Dialog title={titleOf(name)} size="large" onClose={onClose}>
      <div className="dialog-body machine-facts">
        {status ? <Facts status={status} /> : <p>It is no longer configured.</p>}
      </div>
      <footer>
        <Button disabled={status?.state === 'probing'} onClick={() => void machines.probe([name])}>
          {status?.state === 'probing' ? 'Probing …' : 'Probe again'}
        </Button>
      </footer>
    </Dialog>
  )
}

function Facts({ status }: { status: MachineStatus }) {
  const { facts, toolchains, leftOut, notes, reason } = status
  return (
    <>
      {reason && <ProblemNote problem={{ what: reason, hint: '' }} />}
      {facts ? (
        <dl className="form-grid">
          <dt>Host</dt>
          <dd>
            {facts.hostname} · {facts.arch} · {facts.kernel}
          </dd>
          <dt>Cores</dt>
          <dd>
            {facts.cores}, {facts.threads} threads, load {facts.load1m.toFixed(2)}
          </dd>
          <dt>Memory</dt>
          <dd>{megabytesText(facts.memAvailableMb)} free</dd>
          <dt>Disk</dt>
          <dd>{megabytesText(facts.diskAvailableMb)} free</dd>
          <dt>Tools</dt>
          <dd>
            {Object.entries(facts.tools)
              .map(([tool, version]) => `${tool} ${version}`)
              .join(' · ') || 'none found'}
          </dd>
        </dl>
      ) : (
        <p className="hint">It has not answered a probe yet.</p>
      )}
      <h3>Compilers</h3>
      <div className="toolchain-chips">
        {toolchains.map((toolchain) => (
          <Tip key={toolchain.arch} text={`${toolchain.gcc}\n${toolchain.triple}`}>
            <span className="chip">
              {toolchain.arch} <span className="count">{toolchain.version}</span>
            </span>
          </Tip>
        ))}
        {toolchains.length === 0 && <span className="hint">none found</span>}
      </div>
      <FetchToolchain status={status} />
      {leftOut.length > 0 && (
        <>
          <h3>Left out of</h3>
          <dl className="form-grid">
            {leftOut.map((entry) => (
              <LeftOut key={entry.arch} arch={entry.arch} reason={entry.reason} />
            ))}
          </dl>
        </>
      )}
      {notes.map((note) => (
        <p key={note} className="hint">
          {note}
        </p>
      ))}
    </>
  )
}

function LeftOut({ arch, reason }: { arch: string; reason: string }) {
  return (
    <>
      <dt>{arch}</dt>
      <dd>{reason}</dd>
    </>
  )
}

/** Fetches a compiler for one more architecture to the machine. */
function FetchToolchain({ status }: { status: MachineStatus }) {
  const { machines } = useStores()
  const { name } = status.config
  const step = useMachines((state) => state.fetching.get(name))
  const [arch, setArch] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [unvouched, setUnvouched] = useState<UnvouchedCompiler | null>(null)
  const cancelled = useRef(false)
  const fetchIt = async (wanted: string, unchecked: boolean) => {
    setProblem(null)
    setUnvouched(null)
    cancelled.current = false
    const result = await machines.fetchToolchain(name, wanted, unchecked)
    setProblem(result.ok || cancelled.current ? null : result.problem)
    const why = result.ok ? result.value.unvouched : null
    setUnvouched(why === null ? null : { arch: wanted, why })
  }
  return (
    <form
      className="fetch-toolchain"
      onSubmit={(event) => {
        event.preventDefault()
        void fetchIt(arch.trim(), false)
      }}
    >
      <input
        className="field"
        aria-label="Architecture to fetch a compiler for"
        placeholder="architecture, e.g. aarch64"
        value={arch}
        onChange={(event) => {
          setArch(event.target.value)
          setUnvouched(null)
        }}
      />
      <Button type="submit" disabled={arch.trim() === '' || step !== undefined}>
        Fetch a compiler
      </Button>
      {step && (
        <>
          <span>
            {step.step} {step.total > 0 && `${Math.floor((100 * step.done) / step.total)}%`}
          </span>
          <Button
            onClick={() => {
              cancelled.current = true
              void machines.cancelFetch(name)
            }}
          >
            Cancel
          </Button>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      {unvouched && <Unvouched {...unvouched} onTake={() => void fetchIt(unvouched.arch, true)} />}
    </form>
  )
}

/** The architecture that was asked for, whatever has been typed since, and why nothing vouches for its compiler. */
type UnvouchedCompiler = { readonly arch: string; readonly why: string }

/** Nothing says that a compiler is what its makers put there: a person decides. */
function Unvouched({ arch, why, onTake }: UnvouchedCompiler & { readonly onTake: () => void }) {
  return (
    <ProblemNote problem={{ what: 'Nothing was installed', hint: why }}>
      <Button onClick={onTake}>Install the compiler for {arch} unchecked</Button>
    </ProblemNote>
  )
}

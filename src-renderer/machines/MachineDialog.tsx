import { type ReactNode, useEffect, useId, useState } from 'react'
import type { Problem } from '../../src-core/result.ts'
import { useMachines, useRun, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote, Segments, Switch } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { checkForm, formOf, type MachineForm } from './machine-form.ts'
import { useTryMachine } from './TryMachine.tsx'

/** Adds a machine (`name` empty), to the run that goes on, too, or changes one. */
export function MachineDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { actions, machines } = useStores()
  const mayJoin = useRun((run) => run.status === 'running' && !run.pinned) && name === ''
  const [joins, setJoins] = useState(true)
  const all = useMachines((state) => state.machines)
  const config = all.find((machine) => machine.config.name === name)?.config ?? null
  const [form, setForm] = useState<MachineForm>(() => formOf(config))
  const [tried, setTried] = useState(false)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const others = all.map((machine) => machine.config.name).filter((other) => other !== name)
  const checked = checkForm(form, others)
  const mistake = tried && !checked.ok ? checked : null
  const trial = useTryMachine(checked.ok ? checked.config : null, () => setTried(true))
  const change = (changes: Partial<MachineForm>) => setForm({ ...form, ...changes })

  const save = async () => {
    setTried(true)
    if (!checked.ok) return
    setSaving(true)
    const result = await machines.save(checked.config, name)
    setSaving(false)
    if (!result.ok) {
      setProblem(result.problem)
      return
    }
    if (mayJoin && joins) void actions.act({ kind: 'add-machine', machine: checked.config.name })
    onClose()
  }
  return (
    <Dialog title={name ? `Edit ${name}` : 'Add a machine'} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <div className="dialog-body machine-form">
          {name === '' && <SshHosts onChoose={(host) => change({ name: host, host })} />}
          <Row label="Name" mistake={mistake} field="name" form={form} onChange={change} />
          <WayFields form={form} mistake={mistake} onChange={change} />
          <Row
            label="Boards at once"
            mistake={mistake}
            field="maxBoards"
            form={form}
            onChange={change}
            placeholder="as many as it has threads"
          />
          <MoreFields form={form} mistake={mistake} onChange={change} />
          {mayJoin && (
            <Switch label="Add it to the run that goes on" checked={joins} onChange={setJoins} />
          )}
          {trial.says}
          {problem && <ProblemNote problem={problem} />}
          <p className="hint">Saved in ~/.buildman; everything else there stays as it is.</p>
        </div>
        <footer>
          {trial.button}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={saving}>
            {saving ? 'Saving …' : name ? 'Save' : 'Add'}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

type Mistake = { readonly field: keyof MachineForm; readonly text: string } | null

type Fields = {
  form: MachineForm
  mistake: Mistake
  onChange: (changes: Partial<MachineForm>) => void
}

/** How the machine is reached. */
function WayFields({ form, mistake, onChange }: Fields) {
  return (
    <>
      <Field label="Reached by">
        <Segments
          label="Reached by"
          value={form.byCommand ? 'command' : form.transport}
          options={[
            { value: 'ssh2', label: 'built-in SSH' },
            { value: 'openssh', label: "the system's ssh" },
            { value: 'command', label: 'a command' },
          ]}
          onChange={(way) =>
            onChange(way === 'command' ? { byCommand: true } : { byCommand: false, transport: way })
          }
        />
      </Field>
      {form.byCommand ? (
        <Row
          label="Command"
          mistake={mistake}
          field="command"
          form={form}
          onChange={onChange}
          placeholder="docker exec -i NAME"
          hint="It runs there what follows it: podman exec -i NAME, kubectl exec -i POD --, chroot FOLDER, ssh -F FILE HOST, srun --jobid=7 --overlap -n1."
        />
      ) : (
        <Row
          label="Host"
          mistake={mistake}
          field="host"
          form={form}
          onChange={onChange}
          placeholder={form.name || 'user@host'}
          hint="As ssh takes it; ~/.ssh/config counts. Empty: the name."
        />
      )}
    </>
  )
}

/** What few machines need. */
function MoreFields({ form, mistake, onChange }: Fields) {
  return (
    <details className="machine-more">
      <summary>More</summary>
      <Row
        label="Its own buildman"
        mistake={mistake}
        field="buildmanPath"
        form={form}
        onChange={onChange}
        placeholder="none: Slipway's worker"
        hint="Path of a buildman there to drive instead."
      />
      <Field label="While another run builds this tree there">
        <Segments
          label="While another run builds this tree there"
          value={form.ifBusy}
          options={[
            { value: 'wait', label: 'wait for it' },
            { value: 'another folder', label: 'build beside it' },
          ]}
          onChange={(ifBusy) => onChange({ ifBusy })}
        />
      </Field>
      <Row
        label="Busy above load per core"
        mistake={mistake}
        field="maxLoadPerCore"
        form={form}
        onChange={onChange}
      />
      <Row
        label="Least free disk, MB"
        mistake={mistake}
        field="minDiskMb"
        form={form}
        onChange={onChange}
      />
      <Row
        label="Least free memory, MB"
        mistake={mistake}
        field="minMemoryMb"
        form={form}
        onChange={onChange}
      />
    </details>
  )
}

type TextField = Exclude<keyof MachineForm, 'transport' | 'byCommand' | 'ifBusy'>

function Row({
  label,
  field,
  form,
  mistake,
  placeholder,
  hint,
  onChange,
}: {
  label: string
  field: TextField
  form: MachineForm
  mistake: Mistake
  placeholder?: string
  hint?: string
  onChange: (changes: Partial<MachineForm>) => void
}) {
  const id = useId()
  const wrong = mistake?.field === field ? mistake.text : ''
  return (
    <Field label={label} htmlFor={id}>
      <input
        id={id}
        className="field"
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        value={form[field]}
        aria-invalid={wrong !== ''}
        aria-describedby={`${id}-says`}
        onChange={(event) => onChange({ [field]: event.target.value })}
      />
      <p
        id={`${id}-says`}
        className={wrong ? 'mistake' : 'hint'}
        role={wrong ? 'alert' : undefined}
      >
        {wrong || hint}
      </p>
    </Field>
  )
}

function Field({
  label,
  htmlFor,
  children,
}: {
  label: string
  htmlFor?: string
  children: ReactNode
}) {
  return (
    <div className="form-row">
      {htmlFor ? <label htmlFor={htmlFor}>{label}</label> : <span>{label}</span>}
      <div>{children}</div>
    </div>
  )
}

/** Hosts of ~/.ssh/config that are no machines yet. */
function SshHosts({ onChoose }: { onChoose: (host: string) => void }) {
  const { machines } = useStores()
  const hosts = useMachines((state) => state.sshHosts)
  const all = useMachines((state) => state.machines)
  useEffect(() => void machines.loadSshHosts(), [machines])
  const known = new Set(all.flatMap(({ config }) => [config.name, config.host]))
  const offered = hosts.filter((host) => !known.has(host))
  if (offered.length === 0) return null
  return (
    <Field label="From ~/.ssh/config">
      <div className="toolchain-chips">
        {offered.slice(0, 40).map((host) => (
          <button key={host} type="button" className="chip" onClick={() => onChoose(host)}>
            {host}
          </button>
        ))}
      </div>
    </Field>
  )
}

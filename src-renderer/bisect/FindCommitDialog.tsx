import { type Dispatch, useEffect, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { Problem } from '../../src-core/result.ts'
import { cellOf } from '../../src-core/run/run-state.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import type { BisectProposal } from '../../src-preload/contract.ts'
import { describeCell } from '../grid/model/describe-cell.ts'
import { useBisect, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote, Segments, Working } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { type FindForm, firstForm, goodOf, ruleOf, ruleTitles } from './find-form.ts'
import { useSearchPlace } from './search-place.ts'
import './bisect.css'

/** From where on the commit is looked for, what makes a build bad, and for which boards. */
export function FindCommitDialog({ build, onClose }: { build: BuildRef; onClose: () => void }) {
  const { bisect } = useStores()
  const proposal = useBisect((state) => state.proposal)
  useEffect(() => void bisect.propose(build), [bisect, build])
  return (
    <Dialog title={`Find the commit: ${build.board}`} onClose={onClose}>
      {proposal.status === 'ready' ? (
        <Question build={build} proposal={proposal.value} onClose={onClose} />
      ) : (
        <div className="dialog-body">
          {proposal.status === 'failed' ? (
            <ProblemNote problem={proposal.problem}>
              <Button onClick={() => void bisect.propose(build)}>Try again</Button>
            </ProblemNote>
          ) : (
            <Working what="Looking for a commit that was good …" />
          )}
        </div>
      )}
    </Dialog>
  )
}

function Question({
  build,
  proposal,
  onClose,
}: {
  build: BuildRef
  proposal: BisectProposal
  onClose: () => void
}) {
  const { runs, view } = useStores()
  const [form, setForm] = useState(() => filledIn(proposal, runs.run(), build))
  const [problem, setProblem] = useState<Problem | null>(null)
  const [starting, setStarting] = useState(false)
  const start = useStart(build, proposal)
  const submit = async () => {
    setStarting(true)
    const begun = await start(form)
    setStarting(false)
    if (!begun.ok) return setProblem(begun.problem)
    view.change({ tab: 'bisect', detail: -1 })
    onClose()
  }
  return (
    <form
      className="find-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className="dialog-body">
        <GoodField form={form} onForm={setForm} proposal={proposal} />
        <RuleField form={form} onForm={setForm} />
        <BoardsField form={form} onForm={setForm} proposal={proposal} />
        {problem && <ProblemNote problem={problem} />}
      </div>
      <footer>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={starting}>
          {starting ? 'Starting …' : 'Find the commit'}
        </Button>
      </footer>
    </form>
  )
}

function filledIn(
  { goods }: BisectProposal,
  run: Parameters<typeof describeCell>[0],
  { board, upto }: BuildRef,
): FindForm {
  const cell = describeCell(run, cellOf(run, board, upto), Date.now())
  const form = firstForm(cell ?? { state: 'failed', firstErrors: [], sizeChange: 0 })
  return { ...form, good: goods[0]?.hash ?? '' }
}

/** Builds where the next run would. */
function useStart({ runId, board }: BuildRef, { bad, alike, same }: BisectProposal) {
  const { bisect } = useStores()
  const where = useSearchPlace()
  return async (form: FindForm) => {
    const rule = ruleOf(form)
    if (!rule.ok) return rule
    const good = goodOf(form)
    if (!good.ok) return good
    const boards = { one: [board], alike, same }[form.boards]
    return bisect.start({
      ...{ runId, boards: [...boards], good: good.value, bad: bad.hash, rule: rule.value },
      ...where(),
    })
  }
}

type FieldProps = { readonly form: FindForm; readonly onForm: Dispatch<FindForm> }

function GoodField({ form, onForm, proposal }: FieldProps & { proposal: BisectProposal }) {
  const { bad, note, goods } = proposal
  return (
    <fieldset className="find-ends">
      <legend>
        Bad: <code>{bad.hash.slice(0, 8)}</code> {bad.subject}
      </legend>
      {note !== '' && <p className="hint">{note}</p>}
      <p>The last commit that was good</p>
      {goods.map(({ hash, subject, why }) => (
        <label key={hash} className="find-end">
          <input
            type="radio"
            name="good"
            checked={form.good === hash}
            onChange={() => onForm({ ...form, good: hash })}
          />
          <span>
            <code>{hash.slice(0, 8)}</code> {subject} <span className="hint">{why}</span>
          </span>
        </label>
      ))}
      <label className="find-end">
        <input
          type="radio"
          name="good"
          checked={form.good === ''}
          onChange={() => onForm({ ...form, good: '' })}
        />
        <input
          className="field mono"
          aria-label="Another commit that was good"
          placeholder="v2026.01, a branch or a hash"
          spellCheck={false}
          value={form.other}
          onFocus={() => onForm({ ...form, good: '' })}
          onChange={(event) => onForm({ ...form, good: '', other: event.target.value })}
        />
      </label>
    </fieldset>
  )
}

const kinds = Object.entries(ruleTitles) as readonly [FindForm['kind'], string][]

function RuleField({ form, onForm }: FieldProps) {
  return (
    <div className="find-rule">
      <label>
        Bad is a build that
        <select
          className="field"
          value={form.kind}
          onChange={(event) => onForm({ ...form, kind: event.target.value as FindForm['kind'] })}
        >
          {kinds.map(([kind, title]) => (
            <option key={kind} value={kind}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <RuleText form={form} onForm={onForm} />
    </div>
  )
}

/** What some rules need beside their name. */
const ruleTexts = {
  says: { key: 'text', label: 'Text of its errors and warnings' },
  grows: { key: 'bytes', label: 'More than so many bytes' },
  config: { key: 'symbol', label: 'Kconfig symbol' },
  command: { key: 'command', label: 'Command, run where the outputs are; 0 is good, 125 skips' },
} as const

function RuleText({ form, onForm }: FieldProps) {
  if (form.kind === 'fails' || form.kind === 'warns' || form.kind === 'changed') return null
  const { key, label } = ruleTexts[form.kind]
  return (
    <label>
      {label}
      <input
        className="field mono"
        spellCheck={false}
        value={form[key]}
        onChange={(event) => onForm({ ...form, [key]: event.target.value })}
      />
    </label>
  )
}

function BoardsField({ form, onForm, proposal }: FieldProps & { proposal: BisectProposal }) {
  const { alike, same } = proposal
  if (same.length === 1) return null
  return (
    <div className="find-boards">
      <Segments
        label="Boards"
        value={form.boards}
        options={[
          { value: 'one', label: 'This board' },
          {
            value: 'alike',
            label: alike.length > 1 ? `${alike.length} that complain alike` : 'Those alike',
            ...(alike.length === 1 && { off: 'No other board complains of the same' }),
          },
          { value: 'same', label: `All ${same.length} like it` },
        ]}
        onChange={(boards) => onForm({ ...form, boards })}
      />
      <p className="hint">
        {form.boards === 'same'
          ? 'One search serves them all; it splits where there are several causes.'
          : form.boards === 'alike' && alike.length > 1
            ? `One of ${plural(alike.length, 'board')} is tested for all.`
            : 'The others are left out.'}
      </p>
    </div>
  )
}

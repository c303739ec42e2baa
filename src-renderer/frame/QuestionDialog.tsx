import { useState } from 'react'
import type { Question } from '../../src-preload/contract.ts'
import { useQuestions, useStores } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import './question.css'

/** What the boss asks a person, one question after another. */
export function QuestionDialog() {
  const { questions } = useStores()
  const question = useQuestions((state) => state.waiting[0])
  if (!question) return null
  const answer = (text: string | null) => void questions.answer(question.id, text)
  return question.kind === 'secret' ? (
    <SecretQuestion key={question.id} question={question} onAnswer={answer} />
  ) : (
    <HostKeyQuestion key={question.id} question={question} onAnswer={answer} />
  )
}

type Props<K extends Question['kind']> = {
  question: Extract<Question, { kind: K }>
  onAnswer: (answer: string | null) => void
}

function SecretQuestion({ question, onAnswer }: Props<'secret'>) {
  const [secret, setSecret] = useState('')
  return (
    <Dialog title={`${question.machine} asks`} onClose={() => onAnswer(null)}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onAnswer(secret)
        }}
      >
        <div className="dialog-body">
          <label>
            <p className="question-text">{question.text}</p>
            <input
              className="field"
              type="password"
              autoComplete="off"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          </label>
          <p className="hint">It is kept in memory until Slipway ends, and nowhere else.</p>
        </div>
        <footer>
          <Button onClick={() => onAnswer(null)}>Go on without</Button>
          <Button kind="primary" type="submit">
            Answer
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

function HostKeyQuestion({ question, onAnswer }: Props<'host-key'>) {
  const { machine, keyType, fingerprint } = question
  return (
    <Dialog title={`Is this ${machine}?`} onClose={() => onAnswer(null)}>
      <div className="dialog-body">
        <p>
          Slipway has not met this machine before. Compare the fingerprint of its key with what its
          owner tells you:
        </p>
        <dl className="form-grid fingerprint">
          <dt>{keyType}</dt>
          <dd>
            <code>{fingerprint}</code>
          </dd>
        </dl>
      </div>
      <footer>
        <Button onClick={() => onAnswer(null)}>Refuse</Button>
        <Button onClick={() => onAnswer('once')}>Accept once</Button>
        <Button kind="primary" onClick={() => onAnswer('always')}>
          Accept and remember
        </Button>
      </footer>
    </Dialog>
  )
}

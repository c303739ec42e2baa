import { useEffect, useState } from 'react'
import { attemptPlain } from '../state/attempt.ts'
import { useStores } from '../state/use-stores.ts'
import { Button } from './controls.tsx'

const thanksMs = 1600

/** Puts texts on the clipboard; `copied` for a moment after that. */
export function useCopy() {
  const { boss, actions } = useStores()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), thanksMs)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async (text: string) => {
    const request = boss.request('clipboard:write', { text })
    const reply = await attemptPlain('Nothing could be copied', request)
    if (reply.ok) setCopied(true)
    else actions.tell(reply.problem)
  }
  return { copied, copy }
}

/** Puts a text on the clipboard and says so for a moment. `text` is asked for when it is pressed. */
export function CopyButton({
  label,
  text,
  quiet = false,
  disabled = false,
}: {
  label: string
  text: () => string
  /** One of many in a list. */
  quiet?: boolean
  disabled?: boolean
}) {
  const { copied, copy } = useCopy()
  return (
    <>
      <Button
        icon="copy"
        {...(quiet && { kind: 'quiet' as const })}
        disabled={disabled}
        onClick={() => void copy(text())}
      >
        {copied ? 'Copied' : label}
      </Button>
      <span className="hidden-visually" role="status">
        {copied && 'Copied'}
      </span>
    </>
  )
}

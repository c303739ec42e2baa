import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { commandOfKey } from '../../src-preload/key-bindings.ts'
import { Button, IconButton } from '../ui/controls.tsx'
import { mostCounted, type SearchWish } from './find.ts'
import type { LogEditor } from './log-editor.ts'

/** A search over megabytes takes a while: it waits until the typing rests. */
const restMs = 120

export function LogSearch({ editor }: { editor: LogEditor }) {
  const [wish, setWish] = useState<SearchWish>({ text: '', matchCase: false, regexp: false })
  const [count, setCount] = useState<number | null>(0)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    const timer = setTimeout(() => setCount(editor.find(wish)), restMs)
    return () => clearTimeout(timer)
  }, [editor, wish])

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') editor.closeSearch()
    else if (event.key === 'Enter' || commandOfKey('log', event)?.id === 'log-find-step')
      editor.findNext(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <search className="log-search-bar" onKeyDown={press}>
      <input
        ref={field}
        className="field"
        type="search"
        placeholder="Find in the log"
        aria-label="Find in the log"
        aria-invalid={count === null}
        value={wish.text}
        onChange={(event) => setWish({ ...wish, text: event.target.value })}
      />
      <span className="soft" role="status">
        {matchText(wish.text, count)}
      </span>
      <IconButton name="Previous match" icon="up" onClick={() => editor.findNext(-1)} />
      <IconButton name="Next match" icon="down" onClick={() => editor.findNext(1)} />
      <Button
        kind="quiet"
        aria-pressed={wish.matchCase}
        tip="Tell capitals from small letters"
        onClick={() => setWish({ ...wish, matchCase: !wish.matchCase })}
      >
        Aa
      </Button>
      <Button
        kind="quiet"
        aria-pressed={wish.regexp}
        tip="Regular expression"
        onClick={() => setWish({ ...wish, regexp: !wish.regexp })}
      >
        .*
      </Button>
      <IconButton name="Close the search" icon="close" onClick={() => editor.closeSearch()} />
    </search>
  )
}

function matchText(text: string, count: number | null): string {
  if (text === '') return ''
  if (count === null) return 'not a regular expression'
  return count === 0
    ? 'no match'
    : count >= mostCounted
      ? `over ${mostCounted} matches`
      : `${count} found`
}

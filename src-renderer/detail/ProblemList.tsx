import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { Diagnosis } from '../../src-preload/contract.ts'
import { commandOfKey } from '../../src-preload/key-bindings.ts'
import type { LogEditor } from '../log/log-editor.ts'
import { placeOfDiagnosis, type SourcePlace, shortPlace } from '../log/place.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import type { BuildView } from '../state/run/build-store.ts'
import { useBuild } from '../state/use-stores.ts'
import { Tip } from '../ui/Tip.tsx'
import { faultText } from '../words.ts'

/** Of most rows; a long message takes more lines. */
const rowHeight = 40

/** Errors and warnings of the log; choosing one shows it there. Only the rows in view exist. */
export function ProblemList({
  line,
  editor,
  onOpen,
}: {
  /** Of the log, where the cursor stands. */
  line: number
  editor: LogEditor | null
  onOpen: (place: SourcePlace) => void
}) {
  const problems = useBuild((build) => build.diagnostics).filter(({ kind }) => kind !== 'note')
  const log = useBuild((build) => build.log)
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const rows = useVirtualizer({
    count: problems.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
  })
  const go = (to: number) => {
    const index = Math.min(problems.length - 1, Math.max(0, to))
    const problem = problems[index]
    if (!problem) return
    setActive(index)
    rows.scrollToIndex(index)
    editor?.goTo(problem.logLine)
  }
  const open = (problem: Diagnosis | undefined) => {
    const place = problem && placeOfDiagnosis(problem)
    if (place) onOpen(place)
  }
  const press = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: problems.length - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) go(to)
    else if (commandOfKey('log', event)?.id === 'log-open-in-editor') open(problems[active])
    else return
    event.preventDefault()
  }
  const click = (event: MouseEvent) => {
    const row = event.target instanceof Element && event.target.closest('[data-index]')
    if (!(row instanceof HTMLElement)) return
    const index = Number(row.dataset.index)
    go(index)
    if (event.ctrlKey || event.metaKey || event.detail > 1) open(problems[index])
  }
  if (problems.length === 0) return <p className="side-note">{nothingText(log)}</p>
  return (
    <div
      ref={scroller}
      className="problem-list"
      role="listbox"
      tabIndex={0}
      aria-label={countText(problems)}
      aria-activedescendant={`problem-${active}`}
      onClick={click}
      onKeyDown={press}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const problem = problems[index]
          if (!problem) return null
          return (
            <ProblemRow
              key={index}
              problem={problem}
              index={index}
              count={problems.length}
              top={start}
              measure={rows.measureElement}
              selected={problem.logLine === line}
            />
          )
        })}
      </div>
    </div>
  )
}

function ProblemRow({
  problem,
  index,
  count,
  top,
  measure,
  selected,
}: {
  problem: Diagnosis
  index: number
  count: number
  /** Pixels below the list's begin. */
  top: number
  measure: (row: HTMLElement | null) => void
  selected: boolean
}) {
  return (
    <Tip text={`${problem.text}\nDouble-click opens it in your editor`}>
      <div
        ref={measure}
        id={`problem-${index}`}
        className="problem-row"
        role="option"
        tabIndex={-1}
        data-index={index}
        aria-selected={selected}
        aria-setsize={count}
        aria-posinset={index + 1}
        style={{ transform: `translateY(${top}px)` }}
      >
        <StatusGlyph mark={problem.kind === 'error' ? 'failed' : 'warnings'} />
        <span className="problem-text">
          <span className="hidden-visually">{problem.kind}: </span>
          {faultText(problem.text)}
        </span>
        <span className="cut soft">
          {shortPlace(problem) || `line ${problem.logLine} of the log`}
        </span>
      </div>
    </Tip>
  )
}

function countText(problems: readonly Diagnosis[]): string {
  const errors = problems.filter(({ kind }) => kind === 'error').length
  const warnings = problems.length - errors
  return [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(', ')
}

function nothingText(log: BuildView['log']): string {
  switch (log) {
    case 'live':
      return 'No errors or warnings so far.'
    case 'loading':
      return 'Reading the log …'
    case 'ready':
      return 'The log has no errors or warnings in a form that Slipway knows.'
    default:
      return 'There is no log to find problems in.'
  }
}

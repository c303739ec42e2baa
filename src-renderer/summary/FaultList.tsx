import { useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { BuildMark } from '../../src-core/run/build-mark.ts'
import type { LineChange } from '../../src-core/summary/lines.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { faultText } from '../words.ts'
import { BoardLinks } from './BoardLinks.tsx'

/** An error or warning, once for all the boards that it hits. */
export type ListedFault = {
  readonly change: LineChange
  /** Commit at which its boards are opened. */
  readonly upto: number
  readonly note: string
}

const most = 30

export function FaultList({
  faults,
  onOpen,
}: {
  faults: readonly ListedFault[]
  onOpen: (board: string, upto: number) => void
}) {
  const [all, setAll] = useState(false)
  const shown = all ? faults : faults.slice(0, most)
  return (
    <ul className="fault-list">
      {shown.map((fault) => (
        <FaultRow key={`${fault.change.key} ${fault.change.line}`} fault={fault} onOpen={onOpen} />
      ))}
      {shown.length < faults.length && (
        <li>
          <button type="button" className="chip" onClick={() => setAll(true)}>
            and {faults.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  )
}

const glyphs: Readonly<Record<LineChange['kind'], BuildMark>> = {
  error: 'failed',
  warning: 'warnings',
  blob: 'no boot',
}

function FaultRow({
  fault: { change, upto, note },
  onOpen,
}: {
  fault: ListedFault
  onOpen: (board: string, upto: number) => void
}) {
  const { sign, kind, text, boards } = change
  return (
    <li data-gone={sign === '-' || undefined}>
      <details>
        <summary>
          <StatusGlyph mark={glyphs[kind]} />
          <span className="hidden-visually">
            {sign === '-' ? 'gone: ' : ''}
            {kind === 'blob' ? 'missing blob' : kind}:{' '}
          </span>
          <code>{faultText(text)}</code>
          <span className="soft">
            {plural(boards.length, 'board')}
            {note && `, ${note}`}
          </span>
        </summary>
        <BoardLinks boards={boards} onOpen={(board) => onOpen(board, upto)} />
      </details>
    </li>
  )
}

import { useState } from 'react'
import { type CellDescription, describeCell } from '../grid/model/describe-cell.ts'
import { LogPane } from '../log/LogPane.tsx'
import type { LogEditor } from '../log/log-editor.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { useCells } from '../state/run/use-cells.ts'
import { IconButton, Segments } from '../ui/controls.tsx'
import { BuildActions } from './BuildActions.tsx'
import { BuildFacts } from './BuildFacts.tsx'
import { BuildLine } from './BuildLine.tsx'
import { LogTools } from './LogTools.tsx'
import { ProblemList } from './ProblemList.tsx'
import { useBuildKeys } from './use-build-keys.ts'
import './detail.css'

/** In a window narrower than this the log is shown alone at first. */
const narrow = 1280

/** One build: what came of it and where, its log, its errors, and what can be done about them. */
export function BuildDetail({ cell, onClose }: { cell: number; onClose: () => void }) {
  const [editor, setEditor] = useState<LogEditor | null>(null)
  const [line, setLine] = useState(1)
  const [side, setSide] = useState<'problems' | 'facts' | null>(() =>
    window.innerWidth < narrow ? null : 'problems',
  )
  const [wrapped, setWrapped] = useState(true)
  const keys = useBuildKeys(cell, editor, line, onClose)
  const build = describeCell(useCells([cell]), cell, Date.now())
  if (!build) return null
  return (
    <div className="build-detail">
      <header>
        <StatusGlyph mark={build.mark} />
        <h2>{build.board}</h2>
        <span className="build-commit soft">{build.commit || build.arch}</span>
        <BuildActions cell={cell} />
        <IconButton
          name={side ? 'Hide problems and facts' : 'Show problems and facts'}
          icon="right"
          aria-expanded={side !== null}
          onClick={() => setSide(side ? null : 'problems')}
        />
        <IconButton name="Close the details" icon="close" onClick={onClose} />
      </header>
      <div className="build-row">
        <BuildLine cell={cell} build={build} />
        <LogTools
          editor={editor}
          line={line}
          wrapped={wrapped}
          onWrap={(on) => {
            setWrapped(on)
            editor?.wrap(on)
          }}
        />
      </div>
      <div className="build-body" data-side={side ?? undefined}>
        <LogPane
          board={build.board}
          waiting={whyNoLog(build)}
          editor={editor}
          onEditor={setEditor}
          events={{ onLine: setLine, onKey: keys.press, onOpen: keys.openLine }}
        />
        {side && (
          <aside className="build-side" aria-label="Problems and facts">
            <Segments
              label="Beside the log"
              value={side}
              options={[
                { value: 'problems', label: 'Problems' },
                { value: 'facts', label: 'Facts' },
              ]}
              onChange={setSide}
            />
            {side === 'problems' ? (
              <ProblemList line={line} editor={editor} onOpen={keys.openPlace} />
            ) : (
              <BuildFacts cell={cell} />
            )}
          </aside>
        )}
      </div>
    </div>
  )
}

function whyNoLog({ state, reason }: CellDescription): string {
  switch (state) {
    case 'queued':
      return 'It waits for a free slot.'
    case 'being checked':
      return 'It failed, and is built again on another machine to see whether the code is to blame.'
    case 'lost':
      return 'Its machine went away in the middle. It waits for another.'
    case 'not built':
      return reason || 'No machine built it.'
    case 'building':
      return ''
    default:
      return 'Its tools said nothing.'
  }
}

import { useMemo, useState } from 'react'
import { listed, plural } from '../../src-core/basics/words.ts'
import { missingBlobs } from '../../src-core/blobs/board-blobs.ts'
import { failedTargets } from '../state/grid/grid-model.ts'
import { isNarrowed, noWishes, retick, toggleWithin } from '../state/launch/board-choice.ts'
import { useLaunch, useRun, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote, Working } from '../ui/controls.tsx'
import { Tip } from '../ui/Tip.tsx'
import { BoardChips } from './BoardChips.tsx'
import { BoardList } from './BoardList.tsx'
import { NamedSelections } from './NamedSelections.tsx'

/** The boards of the tree, narrowed down in buildman's language, by chips and by ticks. */
export function BoardPicker() {
  const { launch } = useStores()
  const boards = useLaunch((state) => state.boards)
  if (boards.status === 'idle') return null
  if (boards.status === 'loading') {
    return (
      <section className="launch-boards">
        <Working what="Finding the boards of the tree …" />
      </section>
    )
  }
  if (boards.status === 'failed') {
    return (
      <section className="launch-boards">
        <ProblemNote problem={boards.problem}>
          <Button onClick={() => void launch.reload()}>Try again</Button>
        </ProblemNote>
      </section>
    )
  }
  return (
    <section className="launch-boards" aria-label="Boards">
      <BoardsHead total={boards.value.boards.length} warnings={boards.value.warnings} />
      <FilterFields />
      <BoardChips />
      <BoardList />
    </section>
  )
}

function BoardsHead({ total, warnings }: { total: number; warnings: readonly string[] }) {
  const { launch } = useStores()
  const choice = useLaunch((state) => state.choice)
  const wishes = useLaunch((state) => state.wishes)
  const tick = (how: 'all' | 'none' | 'invert') =>
    launch.change({ unticked: retick(choice.shown, wishes.unticked, how) })
  return (
    <header className="boards-head">
      <h2>
        Boards <b>{choice.chosen.length.toLocaleString('en')}</b>
        <span className="soft"> of {total.toLocaleString('en')}</span>
        {warnings.length > 0 && (
          <Tip text={warnings.slice(0, 20).join('\n')}>
            <span className="soft"> · {plural(warnings.length, 'note')}</span>
          </Tip>
        )}
      </h2>
      <Button kind="quiet" onClick={() => tick('all')}>
        All
      </Button>
      <Button kind="quiet" onClick={() => tick('none')}>
        None
      </Button>
      <Button kind="quiet" onClick={() => tick('invert')}>
        Invert
      </Button>
    </header>
  )
}

function FilterFields() {
  const { launch } = useStores()
  const wishes = useLaunch((state) => state.wishes)
  const { terms, problems, shown, unknownNames } = useLaunch((state) => state.choice)
  const [withExclude, setWithExclude] = useState(false)
  const problem = problems[0]
  return (
    <div className="board-filter">
      <div className="launch-row">
        <input
          className="field mono"
          type="search"
          spellCheck={false}
          aria-description={language}
          placeholder="arm&freescale rk3.*"
          aria-label="Boards to build: terms as buildman takes them"
          aria-invalid={problem?.field === 'terms'}
          aria-describedby="filter-says"
          value={wishes.terms}
          onChange={(event) => launch.change({ terms: event.target.value })}
        />
        {!withExclude && wishes.exclude === '' && (
          <Button kind="quiet" tip="Leave boards out" onClick={() => setWithExclude(true)}>
            − except
          </Button>
        )}
      </div>
      {(withExclude || wishes.exclude !== '') && (
        <input
          className="field mono"
          type="search"
          spellCheck={false}
          placeholder="except: sandbox, .*_spl"
          aria-label="Boards to leave out"
          aria-invalid={problem?.field === 'exclude'}
          value={wishes.exclude}
          onChange={(event) => launch.change({ exclude: event.target.value })}
        />
      )}
      <p id="filter-says" className="filter-says" aria-live="polite">
        {problem ? (
          <span className="filter-mistake">
            <code>
              {markPlace(problem.field === 'terms' ? wishes.terms : wishes.exclude, problem)}
            </code>
            {problem.message}
          </span>
        ) : unknownNames ? (
          <>
            <span>{plural(shown.length, 'board')} by name</span>
            {unknownNames.length > 0 && <strong>not in the tree: {listed(unknownNames, 5)}</strong>}
          </>
        ) : terms.length > 0 ? (
          terms.map(({ term, count }) => (
            <span key={term}>
              <code>{term}</code> {count.toLocaleString('en')}
            </span>
          ))
        ) : (
          'space: or, &: and; regular expressions'
        )}
      </p>
      <Shortcuts />
    </div>
  )
}

const language =
  'Regular expressions, matched from the start of target, arch, cpu, board, vendor, SoC and config. ' +
  'A space means or, & means and: arm & freescale rk3.*'

/** The text around a mistake with the mistake between arrows. */
function markPlace(text: string, { at, length }: { at: number; length: number }): string {
  const from = Math.max(0, at - 8)
  return `${from > 0 ? '…' : ''}${text.slice(from, at)}▸${text.slice(at, at + Math.max(1, length))}◂`
}

/** Sets of boards that people ask for by name, and the way back to all. */
function Shortcuts() {
  const { launch, runs } = useStores()
  const wishes = useLaunch((state) => state.wishes)
  const changed = useLaunch((state) =>
    state.tree.status === 'ready' ? (state.tree.value.git?.changedFiles ?? 0) : 0,
  )
  const inGit = useLaunch((state) => state.tree.status === 'ready' && state.tree.value.git !== null)
  useRun((run) => run.counts.failed)
  const failed = failedTargets(runs.run())
  const [says, setSays] = useState('')
  const [how, setHow] = useState('')

  const limitTo = (name: string, targets: readonly string[]) =>
    launch.change({ within: toggleWithin(wishes.within, name, targets) })
  const [isLooking, setLooking] = useState(false)
  const touched = async () => {
    setLooking(true)
    const reply = await launch.touched()
    setLooking(false)
    setSays(reply.ok ? '' : reply.problem.what)
    if (!reply.ok) return
    const { targets, known } = reply.value
    const { boards } = launch.store.getState()
    setHow(howTouched(known, boards.status === 'ready' ? boards.value.boards.length : known))
    limitTo('touched', targets)
  }
  return (
    <div className="board-shortcuts">
      {inGit && (
        <Tip
          text={`Boards whose files differ from upstream${changed > 0 ? ', or are changed on disk' : ''}`}
        >
          <button
            type="button"
            className="chip"
            aria-pressed={wishes.within?.name === 'touched'}
            aria-busy={isLooking}
            onClick={() => void touched()}
          >
            touched by my change{isLooking && ' …'}
          </button>
        </Tip>
      )}
      {how !== '' && wishes.within?.name === 'touched' && <span className="soft">{how}</span>}
      {failed.length > 0 && (
        <button
          type="button"
          className="chip"
          aria-pressed={wishes.within?.name === 'failed'}
          onClick={() => limitTo('failed', failed)}
        >
          failed last time <span className="count">{failed.length.toLocaleString('en')}</span>
        </button>
      )}
      <MissingFirmware />
      <NamedSelections />
      {isNarrowed(wishes) && (
        <Button
          kind="quiet"
          onClick={() => launch.change({ ...noWishes, unticked: wishes.unticked })}
        >
          Clear
        </Button>
      )}
      {says && <span role="alert">{says}</span>}
    </div>
  )
}

/** Boards whose firmware was looked for and not found. */
/** Of a board that was built it is known what it reads; of others only where their own files lie. */
function howTouched(known: number, all: number): string {
  if (known === 0) return 'a guess, by folders and names'
  if (known >= all) return 'exact, by what builds read'
  return `exact for ${known.toLocaleString('en')} boards that were built, a guess for others`
}

function MissingFirmware() {
  const { launch } = useStores()
  const within = useLaunch((state) => state.wishes.within)
  const needs = useLaunch((state) => state.needs)
  const missing = useMemo(
    () => [...needs].flatMap(([board, blobs]) => (missingBlobs(blobs).length > 0 ? [board] : [])),
    [needs],
  )
  if (missing.length === 0) return null
  return (
    <Tip text="Boards whose images will not boot, since firmware that they need was not found">
      <button
        type="button"
        className="chip"
        aria-pressed={within?.name === lackFirmware}
        onClick={() => launch.change({ within: toggleWithin(within, lackFirmware, missing) })}
      >
        {lackFirmware} <span className="count">{missing.length.toLocaleString('en')}</span>
      </button>
    </Tip>
  )
}

const lackFirmware = 'lack firmware'

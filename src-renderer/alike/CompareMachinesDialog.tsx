import { useMemo, useState } from 'react'
import { comparisonLines } from '../../src-core/alike/comparison-texts.ts'
import type { Commit, RunRequest } from '../../src-core/model.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import { useComparison, useLaunch, useMachines, useStores } from '../state/use-stores.ts'
import { toggled } from '../state/view-store.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button, Empty, ProblemNote } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ComparedMachines } from './ComparedMachines.tsx'
import { ComparisonResult } from './ComparisonResult.tsx'
import './compare-machines.css'

/** Builds on several machines and compares. It goes on when the dialog is closed. */
export function CompareMachinesDialog({
  build,
  onClose,
}: {
  build: BuildRef | null
  onClose: () => void
}) {
  const { comparison } = useStores()
  const { shown, starting, problem } = useComparison((state) => state)
  const about = useAbout(build)
  const [chosen, setChosen] = useChosenMachines()
  const goesOn = shown !== null && shown.phase !== 'over'
  const request = about.request
  return (
    <Dialog
      title={build ? `Build ${build.board} on machines and compare` : 'Are my machines alike?'}
      size="large"
      onClose={onClose}
    >
      <div className="dialog-body compare-machines">
        <p className="hint">{about.text}</p>
        {!goesOn && (
          <ComparedMachines chosen={chosen} onToggle={(name) => setChosen(toggled(chosen, name))} />
        )}
        {problem && <ProblemNote problem={problem} />}
        {shown && <ComparisonResult state={shown} />}
        {!shown && !request && <Empty title="No tree is open" />}
      </div>
      <footer>
        {shown?.phase === 'over' && (
          <CopyButton label="Copy as text" text={() => `${comparisonLines(shown).join('\n')}\n`} />
        )}
        {!goesOn && chosen.size < 2 && <p className="hint">A comparison needs two machines</p>}
        {goesOn ? (
          <Button kind="danger" onClick={() => void comparison.stop()}>
            Stop
          </Button>
        ) : (
          <Button
            kind="primary"
            disabled={!request || starting || chosen.size < 2}
            onClick={() => request && void comparison.start(request, [...chosen])}
          >
            {starting ? 'Starting …' : 'Build and compare'}
          </Button>
        )}
      </footer>
    </Dialog>
  )
}

/** All that answer, until a person chooses. */
function useChosenMachines() {
  const machines = useMachines((state) => state.own)
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const usual = useMemo(() => {
    const able = machines.filter(({ state }) => state !== 'unavailable')
    return new Set(able.map(({ config }) => config.name))
  }, [machines])
  return [chosen ?? usual, setChosen] as const
}

/** What would be built, and what that is in words. */
function useAbout(build: BuildRef | null): { request: RunRequest | null; text: string } {
  const { runs, launch } = useStores()
  // What it asks for depends on all of it.
  useLaunch((state) => state)
  const usual =
    'Each machine builds by itself, from scratch, reproducibly and without a compiler cache.'
  if (build === null) {
    const request = launch.requestFor([])
    return { request, text: `Of each architecture one board. ${usual}` }
  }
  const run = runs.run()
  const commit = run.commits[build.upto]
  if (!run.request || !commit) return { request: null, text: 'This run is not shown any more.' }
  const request = { ...run.request, boards: [build.board], commits: onlyCommit(commit) }
  return { request, text: `At ${commit.subject}. ${usual}` }
}

function onlyCommit({ hash, currentSource }: Commit): RunRequest['commits'] {
  return currentSource ? { kind: 'current' } : { kind: 'branch', branch: hash, count: 1 }
}

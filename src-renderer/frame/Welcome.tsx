import { useState } from 'react'
import { machineHues } from '../../src-core/machine-colours.ts'
import type { Problem } from '../../src-core/result.ts'
import { PlanPreview } from '../launch/PlanPreview.tsx'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'

/** What the stage shows before the first run. */
export function Welcome() {
  const opened = useLaunch((state) => state.tree.status === 'ready')
  return opened ? <PlanPreview /> : <FirstStart />
}

function FirstStart() {
  const { launch, machines } = useStores()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const demo = async () => {
    setBusy(true)
    const [tree, added] = await Promise.all([launch.openSample(), machines.addDemo()])
    setBusy(false)
    const failed = [tree, added].find((result) => !result.ok)
    setProblem(failed && !failed.ok ? failed.problem : null)
  }
  return (
    <div className="welcome">
      <h2>Build U-Boot boards on every machine you have</h2>
      <p>
        Open a source tree, choose boards, and watch which machine builds which board and what comes
        of it.
      </p>
      <HowToRead />
      <div className="welcome-choices">
        <section>
          <h3>Your tree</h3>
          <p>
            A checkout of U-Boot, or anything shaped like it: Kconfig, configs/*_defconfig, make.
          </p>
          <Button kind="primary" onClick={() => void launch.chooseFolder()}>
            Open a folder …
          </Button>
        </section>
        <section>
          <h3>Just looking</h3>
          <p>
            A small firmware with its boards, and three pretend machines inside this app. Nothing
            leaves this computer.
          </p>
          <Button disabled={busy} onClick={() => void demo()}>
            {busy ? 'Getting it ready …' : 'Try the sample on demo machines'}
          </Button>
        </section>
      </div>
      {problem && <ProblemNote problem={problem} />}
    </div>
  )
}

/** The two channels of a cell, said once. */
function HowToRead() {
  return (
    <div className="how-to-read">
      <p>
        <span className="sample-machines" aria-hidden="true">
          {machineHues.map((colour) => (
            <i key={colour} style={{ background: colour }} />
          ))}
        </span>
        Colour says which machine
      </p>
      <p>
        {(['ok', 'warnings', 'failed', 'building', 'queued', 'lost'] as const).map((mark) => (
          <StatusGlyph key={mark} mark={mark} />
        ))}
        Shape says what came of it
      </p>
    </div>
  )
}

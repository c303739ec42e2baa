import { useState } from 'react'
import type { Problem } from '../../src-preload/result.ts'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'

/** What the stage shows before the first run. */
export function Welcome() {
  const opened = useLaunch((state) => state.tree.status === 'ready')
  return opened ? <Ready /> : <FirstStart />
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
      <div className="welcome-choices">
        <section>
          <h3>Your tree</h3>
          <p>
            A checkout of U-Boot, or anything shaped like it: Kconfig, configs/*_defconfig, make.
          </p>
          <Button kind="primary" onClick={() => void launch.chooseFolder()}>
            Open a folder …
          </Button>
          <p className="soft">or drop one on this window</p>
        </section>
        <section>
          <h3>Just looking</h3>
          <p>
            A small firmware with a dozen boards, and three pretend machines inside this app.
            Nothing leaves this computer.
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

function Ready() {
  const { launch } = useStores()
  const boards = useLaunch((state) => state.boards)
  const count = boards.status === 'ready' ? boards.value.boards.length : null
  const name = useLaunch((state) => (state.tree.status === 'ready' ? state.tree.value.name : ''))
  return (
    <div className="welcome">
      <h2>{name}</h2>
      <p>
        {count === null
          ? 'Finding its boards …'
          : `${count.toLocaleString('en')} boards. Choose some on the left and press Build; each will be a square here, in the colour of the machine that builds it.`}
      </p>
      <div>
        <Button onClick={() => void launch.chooseFolder()}>Open another tree …</Button>
      </div>
    </div>
  )
}

import { useEffect, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import { problemText } from '../../src-core/result.ts'
import { type Loadable, loaded } from '../state/attempt.ts'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'

/** What the Build button could do instead. The tree is asked for it when somebody looks. */
export function BuildOffers() {
  return (
    <Menu label="Build otherwise" icon button={<Icon name="chevron" />}>
      <Offers />
    </Menu>
  )
}

type Touched = { readonly targets: readonly string[] }

function Offers() {
  const { launch, actions } = useStores()
  const chosen = useLaunch((state) => state.choice.chosen)
  const [touched, setTouched] = useState<Loadable<Touched>>({ status: 'loading' })
  useEffect(() => {
    let isShown = true
    void launch.touched().then((reply) => isShown && setTouched(loaded(reply)))
    return () => {
      isShown = false
    }
  }, [launch])
  const names = new Set(touched.status === 'ready' ? touched.value.targets : [])
  const inGit = useLaunch(({ tree }) => tree.status === 'ready' && tree.value.git !== null)
  const boards = chosen.filter((name) => names.has(name))
  return (
    <>
      <MenuItem onChoose={() => void actions.start({ anew: true })}>
        Build all {plural(chosen.length, 'board')}, also what is built already
      </MenuItem>
      {inGit && (
        <MenuItem disabled={boards.length === 0} onChoose={() => void actions.start({ boards })}>
          {touchedText(touched, boards.length)}
        </MenuItem>
      )}
    </>
  )
}

function touchedText(touched: Loadable<Touched>, boards: number): string {
  if (touched.status === 'failed') return problemText(touched.problem)
  if (touched.status !== 'ready') return 'Looking what your change can touch …'
  if (boards === 0) return 'Your change can touch none of these boards'
  return `Build the ${plural(boards, 'board')} that your change can touch`
}

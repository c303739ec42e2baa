import { plural } from '../../src-core/basics/words.ts'
import { useProviders, useRun, useWish } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Tip } from '../ui/Tip.tsx'
import { providerWords } from './provider-words.ts'

/** Of a provider: whether the next run asks it, and how it is. */
export function ProviderLines({ name, live, now }: { name: string; live: boolean; now: number }) {
  const configured = useProviders((state) => state.providers.find((one) => one.name === name))
  const offer = useProviders((state) => state.offers.get(name))
  const part = useRun((run) => run.providers.find((one) => one.name === name))
  if (!configured && !(live && part))
    return <p className="machine-words">not configured any more</p>
  const { words, mood } = providerWords((live && part) || null, offer, now)
  return (
    <>
      {configured && <NextRun name={name} most={configured.nodes} />}
      <p className="machine-words" data-mood={mood}>
        {mood === 'warning' && <Icon name="warning" />}
        <span>{words}</span>
      </p>
    </>
  )
}

function NextRun({ name, most }: { name: string; most: number }) {
  const { nodes, toggle } = useWish(name, most)
  const what = `Ask ${name} for up to ${plural(nodes || most, 'machine')} in the next run`
  return (
    <Tip text={what}>
      <label className="provider-next">
        <input
          type="checkbox"
          className="check"
          checked={nodes > 0}
          onChange={(event) => toggle(event.target.checked)}
        />
        <span className="hidden-visually">{`${name}: `}</span>
        next run{nodes > 0 && `: up to ${nodes}`}
      </label>
    </Tip>
  )
}

import { noLook } from '../../src-core/machine-colours.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import { useMachineLooks, useMachines } from '../state/use-stores.ts'
import { Tip } from '../ui/Tip.tsx'
import { titleOf } from '../words.ts'

/** Which machines take part. */
export function ComparedMachines({
  chosen,
  onToggle,
}: {
  chosen: ReadonlySet<string>
  onToggle: (name: string) => void
}) {
  const machines = useMachines((state) => state.own)
  const looks = useMachineLooks()
  return (
    <fieldset className="compared-machines" aria-label="Machines to compare">
      {machines.map(({ config: { name }, state, reason }) => (
        <Tip key={name} text={reason}>
          <label>
            <input
              type="checkbox"
              className="check"
              checked={chosen.has(name)}
              onChange={() => onToggle(name)}
            />
            <MachineSwatch look={looks.get(name) ?? noLook} />
            {titleOf(name)}
            {state === 'unavailable' && <span className="hint">unavailable</span>}
          </label>
        </Tip>
      ))}
    </fieldset>
  )
}

import { useRun, useView } from '../state/use-stores.ts'
import type { Colouring } from '../state/view-store.ts'
import { durationSteps } from './painting/grid-scene.ts'

/** What the colours mean where they do not mean machines, and which are pale; shapes always mean status. */
export function ColourKey() {
  const colouring = useView((view) => view.colouring)
  const asBefore = useRun((run) => run.asBefore)
  if (colouring === 'machine' && asBefore === 0) return null
  return (
    <ul
      className="colour-key"
      aria-label="Colours"
      data-short={colouring === 'machine' || undefined}
    >
      {asBefore > 0 && (
        <li>
          <span className="pale" />
          {asBefore.toLocaleString('en')} as before: nothing of theirs has changed since
        </li>
      )}
      {keys[colouring].map(([colour, text]) => (
        <li key={text}>
          <span style={{ background: `var(${colour})` }} />
          {text}
        </li>
      ))}
    </ul>
  )
}

const keys: Record<Colouring, readonly (readonly [colour: string, text: string])[]> = {
  machine: [],
  status: [
    ['--failed', 'failed'],
    ['--cell-warning', 'warnings'],
    ['--cell-neutral', 'built'],
  ],
  duration: [
    ...durationSteps.map((seconds, step) => [`--cell-ramp-${step + 1}`, `< ${seconds} s`] as const),
    [`--cell-ramp-${durationSteps.length + 1}`, 'longer'],
  ],
  size: [
    ['--cell-shrunk', 'smaller'],
    ['--cell-neutral', 'same'],
    ['--cell-grown', 'larger'],
  ],
}

import { useView } from '../state/use-stores.ts'
import { durationSteps } from './painting/grid-scene.ts'

/** What the colours mean where they do not mean machines; shapes always mean status. */
export function ColourKey() {
  const colouring = useView((view) => view.colouring)
  if (colouring === 'machine') return null
  return (
    <ul className="colour-key" aria-label="Colours">
      {keys[colouring].map(([colour, text]) => (
        <li key={text}>
          <span style={{ background: `var(${colour})` }} />
          {text}
        </li>
      ))}
    </ul>
  )
}

const keys: Record<
  'status' | 'duration' | 'size',
  readonly (readonly [colour: string, text: string])[]
> = {
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

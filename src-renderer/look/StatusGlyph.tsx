import type { MachineLook } from '../../src-core/machine-colours.ts'
import type { BuildMark } from '../../src-core/run/build-mark.ts'
import './status-glyph.css'

/** A mark's shape without a machine's hue, as beside a count. */
export function StatusGlyph({ mark }: { mark: BuildMark }) {
  return (
    <svg className="status-glyph" viewBox="0 0 14 14" aria-hidden="true" data-state={mark}>
      {shapes[mark]}
    </svg>
  )
}

const shapes: Record<BuildMark, React.ReactNode> = {
  ok: <rect className="body" x="1" y="1" width="12" height="12" />,
  warnings: (
    <>
      <rect className="body" x="1" y="1" width="12" height="12" />
      <path className="corner" d="M6 1h7v7z" />
    </>
  ),
  failed: (
    <>
      <rect className="plate" x="1" y="1" width="12" height="12" />
      <path className="cross" d="M4 4l6 6M10 4l-6 6" />
    </>
  ),
  'no boot': (
    <>
      <rect className="black-plate" x="1" y="1" width="12" height="12" />
      <path className="bar" d="M4 7h6" />
    </>
  ),
  building: (
    <>
      <rect className="ring" x="2" y="2" width="10" height="10" />
      <rect className="level" x="3" y="7" width="8" height="4" />
    </>
  ),
  queued: <rect className="dotted" x="1.5" y="1.5" width="11" height="11" />,
  lost: (
    <>
      <path className="stripes" d="M0 6l6-6M1 12 12 1M7 14l7-7" />
      <rect className="frame" x="0.5" y="0.5" width="13" height="13" />
    </>
  ),
  'being checked': (
    <>
      <path className="diamond" d="M7 .8 13.2 7 7 13.2 .8 7z" />
      <path className="doubt" d="M5 5l4 4M9 5l-4 4" />
    </>
  ),
  'not built': <rect className="dot" x="4.5" y="4.5" width="5" height="5" />,
}

/** A machine's colour with its code, as in the legend. Its name stands beside it. */
export function MachineSwatch({ look }: { look: MachineLook }) {
  const { colour, ink, dotted, code } = look
  return (
    <span
      className="machine-swatch"
      data-dotted={dotted || undefined}
      style={{ backgroundColor: colour, color: ink }}
    >
      {code}
    </span>
  )
}

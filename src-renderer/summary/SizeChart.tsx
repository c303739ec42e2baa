import { useRef } from 'react'
import { signed } from '../../src-core/basics/words.ts'
import type { Commit } from '../../src-core/model.ts'
import { useElementSize } from '../ui/element-size.ts'
import { labelHeights, type SizeLine, sizeLines, sizeScale } from './size-lines.ts'

const height = 170
const [left, right, top, bottom] = [64, 130, 12, 26]
/** Dashes tell lines apart: hue means a machine, and nothing else. */
const dashes = ['', '7 4', '2 3', '9 3 2 3', '1 4']

/** Mean change of each architecture's boards over the series, summed up from its first commit on. */
export function SizeChart({
  commits,
  series,
}: {
  commits: readonly Commit[]
  series: ReadonlyMap<string, readonly number[]>
}) {
  const frame = useRef<HTMLDivElement>(null)
  const { width } = useElementSize(frame)
  const lines = sizeLines(series)
  const { low, high } = sizeScale(lines)
  const room = Math.max(1, Math.min(width, 1100) - left - right)
  const x = (index: number) => left + (index / Math.max(1, commits.length - 1)) * room
  const y = (bytes: number) => top + ((high - bytes) / (high - low)) * (height - top - bottom)
  const ends = labelHeights(
    lines.map(({ totals }) => y(totals.at(-1) ?? 0)),
    14,
  )
  return (
    <div ref={frame} className="size-chart">
      <svg width={left + room + right} height={height} role="img" aria-label={wordsOf(lines)}>
        <line className="zero" x1={left} x2={left + room} y1={y(0)} y2={y(0)} />
        {[...new Set([low, 0, high])].map((bytes) => (
          <text key={bytes} className="scale" x={left - 8} y={y(bytes) + 4}>
            {bytes === 0 ? '0' : signed(bytes)}
          </text>
        ))}
        {lines.map(({ arch, totals }, index) => (
          <g key={arch}>
            <polyline
              strokeDasharray={dashes[index]}
              points={totals.map((bytes, upto) => `${x(upto)},${y(bytes)}`).join(' ')}
            />
            {totals.map((bytes, upto) =>
              (series.get(arch)?.[upto] ?? 0) === 0 ? null : (
                <circle key={commits[upto]?.hash ?? upto} cx={x(upto)} cy={y(bytes)} r="3">
                  <title>{pointText(arch, commits[upto], series.get(arch)?.[upto] ?? 0)}</title>
                </circle>
              ),
            )}
            <text x={left + room + 8} y={(ends[index] ?? 0) + 4}>
              {arch} {signed(totals.at(-1) ?? 0)}
            </text>
          </g>
        ))}
        <text className="commit" x={left} y={height - 6}>
          {commits[0]?.hash.slice(0, 8)}
        </text>
        <text className="commit" x={left + room} y={height - 6} textAnchor="end">
          {commits.at(-1)?.hash.slice(0, 8)}
        </text>
      </svg>
    </div>
  )
}

function pointText(arch: string, commit: Commit | undefined, bytes: number): string {
  return `${arch}: ${signed(bytes)} bytes on average with ${commit?.hash.slice(0, 8) ?? ''} ${commit?.subject ?? ''}`
}

function wordsOf(lines: readonly SizeLine[]): string {
  const parts = lines.map(({ arch, totals }) => `${arch} ${signed(totals.at(-1) ?? 0)} bytes`)
  return `Mean change of size over the series: ${parts.join(', ')}`
}

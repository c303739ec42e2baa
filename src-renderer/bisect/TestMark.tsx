import { machineTitle } from '../../src-core/basics/words.ts'
import type { BisectTest } from '../../src-core/bisect/bisect-state.ts'
import type { MachineLook } from '../../src-core/machine-colours.ts'

/** A tested commit as a cell of the grid: the machine's hue, and the outcome as its shape. */
export function TestMark({
  test,
  looks,
}: {
  test: BisectTest | null
  looks: ReadonlyMap<string, MachineLook>
}) {
  const colour = looks.get(test?.machine ?? '')?.colour
  return (
    <svg
      className="test-mark"
      viewBox="0 0 20 20"
      aria-hidden="true"
      style={colour === undefined ? undefined : { color: colour }}
    >
      {shapeOf(test)}
    </svg>
  )
}

function shapeOf(test: BisectTest | null) {
  if (!test) return <rect className="dotted" x="2.5" y="2.5" width="15" height="15" />
  switch (test.finding) {
    case 'good':
      return <rect className="body" x="1" y="1" width="18" height="18" />
    case 'bad':
      return (
        <>
          <rect className="body" x="1" y="1" width="18" height="18" />
          <rect className="plate" x="4" y="4" width="12" height="12" />
          <path className="cross" d="M7 7l6 6M13 7l-6 6" />
        </>
      )
    case 'skip':
      return (
        <>
          <rect className="ring" x="2.5" y="2.5" width="15" height="15" />
          <path className="bar" d="M6 10h8" />
        </>
      )
    case null:
      return (
        <>
          <rect className="ring" x="2.5" y="2.5" width="15" height="15" />
          <rect className="level" x="4" y="10" width="12" height="6" />
        </>
      )
  }
}

/** `bad, on demo-rimu`, as it is read out and stands in tooltips. */
export function testWords(test: BisectTest | null): string {
  if (!test) return 'taken for good'
  const said = test.finding === 'skip' ? "can't be told" : (test.finding ?? 'being built')
  if (test.from === 'a person') return `${said}, said by you`
  const where = test.machine === '' ? '' : ` on ${machineTitle(test.machine)}`
  const when = test.from === 'an earlier run' ? ', earlier' : ''
  return `${said}${where}${when}`
}

/** Where the machines and their lanes are drawn, in CSS pixels from the top. */
export type LanesLayout = {
  readonly lane: number
  readonly machines: readonly MachineBand[]
  readonly height: number
}

export type MachineBand = {
  /** Index of the machine in the run. */
  readonly machine: number
  readonly top: number
  readonly lanes: number
  readonly loadTop: number
  readonly bottom: number
}

export const axisHeight = 24
export const labelWidth = 172
export const loadHeight = 18
const bandGap = 10
/** A machine's two lines of words need this much, however few slots it has. */
const leastBand = 34
const [lowest, highest] = [4, 20]

/**
 * Makes lanes as high as lets all machines be seen at once, within what can be read; beyond that
 * the pane scrolls.
 *
 * @param lanes lanes of each machine, by its index
 * @param height pixels that there are
 */
export function lanesLayout(lanes: readonly number[], height: number): LanesLayout {
  const total = lanes.reduce((sum, count) => sum + count, 0)
  const room = height - axisHeight - lanes.length * (loadHeight + bandGap)
  const lane = Math.min(highest, Math.max(lowest, Math.floor(room / Math.max(1, total))))
  let top = axisHeight + bandGap / 2
  const machines = lanes.map((count, machine): MachineBand => {
    const loadTop = top + Math.max(count * lane, leastBand - loadHeight)
    const band = { machine, top, lanes: count, loadTop, bottom: loadTop + loadHeight }
    top = band.bottom + bandGap
    return band
  })
  return { lane, machines, height: top }
}

/** The machine and slot at a height, or null between them. */
export function laneAt(
  { machines, lane }: LanesLayout,
  y: number,
): { readonly machine: number; readonly slot: number } | null {
  const band = machines.find(({ top, lanes }) => y >= top && y < top + lanes * lane)
  return band ? { machine: band.machine, slot: Math.floor((y - band.top) / lane) } : null
}

import { expect, type Locator, type Page } from '@playwright/test'

/** One build as the grid tells it to those who can't see it. */
export type CellText = {
  readonly board: string
  readonly state: string
  /** Empty where none has to do with it. */
  readonly machine: string
}

export function gridOf(page: Page): Locator {
  return page.getByRole('grid', { name: 'Builds' })
}

/** Every build of a run over one commit, read by walking through the grid with the arrow keys. */
export async function readGrid(page: Page): Promise<CellText[]> {
  const cells: CellText[] = []
  await walkGrid(page, async (cell) => void cells.push(cell))
  return cells
}

/** Puts the focus on each cell in turn. */
export async function walkGrid(
  page: Page,
  visit: (cell: CellText) => Promise<void>,
): Promise<void> {
  await gridOf(page).press('Home')
  for (let last = ''; ; ) {
    const text = await focusedCell(page)
    if (text === last) return
    await visit(parseCell(text))
    last = text
    await page.keyboard.press('ArrowRight')
  }
}

/** What is said of the cell that has the focus. */
export async function focusedCell(page: Page): Promise<string> {
  const id = await gridOf(page).getAttribute('aria-activedescendant')
  return (await page.locator(`[id="${id}"]`).textContent()) ?? ''
}

/** `snow, failed, on moa` taken apart. */
export function parseCell(text: string): CellText {
  const [board = '', ...rest] = text.split(', ')
  const place = rest.at(-1) ?? ''
  const machine = place.startsWith('on ') ? place.slice('on '.length) : ''
  return { board, state: (machine ? rest.at(-2) : place) ?? '', machine }
}

/** The colour that the focused cell is painted in, `rgb(1, 2, 3)`: below the middle, beside all signs. */
export function paintedColour(page: Page): Promise<string> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.grid-canvas')
    const focus = document.querySelector('.grid-focus')
    if (!canvas || !focus) throw new Error('no cell has the focus')
    const [at, frame] = [focus.getBoundingClientRect(), canvas.getBoundingClientRect()]
    const unit = canvas.width / frame.width
    const x = (at.left + at.width / 4 - frame.left) * unit
    const y = (at.top + (at.height * 3) / 4 - frame.top) * unit
    const [red, green, blue] = canvas.getContext('2d')?.getImageData(x, y, 1, 1).data ?? []
    return `rgb(${red}, ${green}, ${blue})`
  })
}

/** The colours of the legend by machine, as the grid says their names. */
export async function legendColours(page: Page): Promise<Map<string, string>> {
  const rows = await page.locator('.machine-solo').evaluateAll((buttons) =>
    buttons.map((button): [string, string] => {
      const swatch = button.querySelector('.machine-swatch')
      const name = button.querySelector('.machine-name')?.textContent ?? ''
      return [name, swatch ? getComputedStyle(swatch).backgroundColor : '']
    }),
  )
  return new Map(rows.map(([name, colour]) => [name.replace(/^This/, 'this'), colour]))
}

/**
 * Waits until a run of so many boards is shown and has ended, with as many of them built again as `again`
 * says; returns how many builds are in each state.
 */
export async function runEnds(
  page: Page,
  boards: number,
  again = 0,
): Promise<Record<string, number>> {
  const repeated = again > 0 ? `, ${again} built again` : ''
  const what = new RegExp(`^${boards} boards?${repeated} .*finished$`)
  await expect(page.locator('.run-line')).toHaveText(what, { timeout: 300_000 })
  const counts = page.getByRole('group', { name: 'Builds by status' }).getByRole('button')
  const words = (await counts.allTextContents()).map((text) => /^([\d,]+) (.+)$/.exec(text))
  return Object.fromEntries(words.map((word) => [word?.[2], Number(word?.[1]?.replace(',', ''))]))
}

/** Colours that are not a machine's, by theme. */
export type CellTheme = {
  /** Inset outline of a filled cell: black 55% on light, white 45% on dark. */
  readonly outline: string
  /** Behind the cells. */
  readonly ground: string
  readonly queued: string
  readonly notBuilt: string
  readonly failed: string
}

/** What is painted on a canvas beside cells. */
export type CanvasTheme = CellTheme & {
  readonly ink: string
  /** Red that reads as text. */
  readonly failedInk: string
  readonly inkSoft: string
  readonly line: string
  readonly surface: string
  readonly fontFamily: string
  readonly monoFamily: string
  /** Of the colourings other than machine. */
  readonly neutral: string
  readonly warning: string
  readonly grown: string
  readonly shrunk: string
  /** From short to long. */
  readonly ramp: readonly string[]
}

/**
 * Reads the colours of grid and timeline from the style sheet's custom properties (`grid/grid.css`), so that
 * they stand in one place, light and dark. The canvas understands no `light-dark()`: a hidden
 * element resolves them.
 */
export function readCanvasTheme(element: HTMLElement): CanvasTheme {
  const probe = document.createElement('span')
  probe.hidden = true
  // Else the system's colour stands for each of them where it forces its own.
  probe.style.forcedColorAdjust = 'none'
  element.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const hex = (name: string) => toHex(colour(name))
  const style = getComputedStyle(element)
  const theme: CanvasTheme = {
    outline: colour('--cell-outline'),
    ground: hex('--ground'),
    queued: hex('--cell-queued'),
    notBuilt: hex('--cell-not-built'),
    failed: hex('--failed'),
    ink: hex('--ink'),
    failedInk: hex('--failed-ink'),
    inkSoft: hex('--ink-soft'),
    line: hex('--line'),
    surface: hex('--surface'),
    fontFamily: style.getPropertyValue('--font').trim(),
    monoFamily: style.getPropertyValue('--mono').trim(),
    neutral: hex('--cell-neutral'),
    warning: hex('--cell-warning'),
    grown: hex('--cell-grown'),
    shrunk: hex('--cell-shrunk'),
    ramp: [1, 2, 3, 4, 5, 6, 7].map((step) => hex(`--cell-ramp-${step}`)),
  }
  probe.remove()
  return theme
}

/** `rgb(1, 2, 3)` as `#010203`; what is no such colour stays as it is. */
export function toHex(colour: string): string {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)
  if (!parts) return colour
  return `#${parts
    .slice(1)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`
}

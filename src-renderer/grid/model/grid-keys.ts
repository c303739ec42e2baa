import type { Step } from '../layout/layout.ts'

/** What a key does while the grid has the focus. */
export type GridCommand =
  | { readonly kind: 'step'; readonly step: Step; readonly extend: boolean }
  | { readonly kind: 'failure'; readonly by: 1 | -1 }
  | { readonly kind: 'select' | 'open' | 'rerun' | 'filter' | 'failures first' | 'escape' }
  | { readonly kind: 'zoom'; readonly by: 1 | -1 | 'fit' }
  | { readonly kind: 'solo'; readonly machine: number }

const steps: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'page-up',
  PageDown: 'page-down',
}

const others: Readonly<Record<string, GridCommand>> = {
  n: { kind: 'failure', by: 1 },
  N: { kind: 'failure', by: -1 },
  ' ': { kind: 'select' },
  Enter: { kind: 'open' },
  r: { kind: 'rerun' },
  f: { kind: 'failures first' },
  '/': { kind: 'filter' },
  '+': { kind: 'zoom', by: -1 },
  '=': { kind: 'zoom', by: -1 },
  '-': { kind: 'zoom', by: 1 },
  0: { kind: 'zoom', by: 'fit' },
  Escape: { kind: 'escape' },
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The command of a key, or null for one that the grid leaves alone. */
export function gridCommand({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): GridCommand | null {
  if (ctrlKey || metaKey || altKey) return null
  const step = steps[key]
  if (step) return { kind: 'step', step, extend: shiftKey }
  if (/^[1-9]$/.test(key)) return { kind: 'solo', machine: Number(key) }
  return others[key] ?? null
}

import type { CommandOf } from '../../../src-preload/commands.ts'
import { commandOfKey, type KeyPress } from '../../../src-preload/key-bindings.ts'
import type { GridStep } from '../layout/layout.ts'

/** What a key does while the grid has the focus. */
export type GridCommand =
  | { readonly kind: 'step'; readonly step: GridStep; readonly extend: boolean }
  | { readonly kind: 'failure'; readonly by: 1 | -1 }
  | {
      readonly kind:
        | 'select'
        | 'open'
        | 'rerun'
        | 'find commit'
        | 'menu'
        | 'filter'
        | 'failures first'
        | 'escape'
    }
  | { readonly kind: 'zoom'; readonly by: 1 | -1 | 'fit' }
  | { readonly kind: 'solo'; readonly machine: number }

type Fixed = Exclude<CommandOf<'grid'>, 'grid-solo'>

const does: Readonly<Record<Fixed, GridCommand>> = {
  'grid-left': { kind: 'step', step: 'left', extend: false },
  'grid-right': { kind: 'step', step: 'right', extend: false },
  'grid-up': { kind: 'step', step: 'up', extend: false },
  'grid-down': { kind: 'step', step: 'down', extend: false },
  'grid-home': { kind: 'step', step: 'home', extend: false },
  'grid-end': { kind: 'step', step: 'end', extend: false },
  'grid-page-up': { kind: 'step', step: 'page-up', extend: false },
  'grid-page-down': { kind: 'step', step: 'page-down', extend: false },
  'grid-next-failure': { kind: 'failure', by: 1 },
  'grid-previous-failure': { kind: 'failure', by: -1 },
  'grid-select': { kind: 'select' },
  'grid-open': { kind: 'open' },
  'grid-rerun': { kind: 'rerun' },
  'grid-menu': { kind: 'menu' },
  'grid-find-commit': { kind: 'find commit' },
  'grid-failures-first': { kind: 'failures first' },
  'grid-filter': { kind: 'filter' },
  'grid-zoom-in': { kind: 'zoom', by: -1 },
  'grid-zoom-out': { kind: 'zoom', by: 1 },
  'grid-zoom-fit': { kind: 'zoom', by: 'fit' },
  'grid-escape': { kind: 'escape' },
}

/** The command of a key, or null for one that the grid leaves alone. */
export function gridCommand(press: KeyPress): GridCommand | null {
  const found = commandOfKey('grid', press)
  if (!found) return null
  if (found.id === 'grid-solo') return { kind: 'solo', machine: found.which + 1 }
  const command = does[found.id]
  return command.kind === 'step' ? { ...command, extend: press.shiftKey } : command
}

import { createStore } from 'zustand/vanilla'
import type { BuildMark } from '../../src-core/run/build-mark.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import type { RowChange } from './grid/compare.ts'
import type { TabId } from './tabs.ts'

export const colourings = ['machine', 'status', 'duration', 'size'] as const
/** What a cell's colour means; its shape always means status. */
export type Colouring = (typeof colourings)[number]

/** What stands in front of the window; each is one component in `frame/Dialogs.tsx`. */
export type DialogName =
  | { readonly name: 'about' }
  | { readonly name: 'report-problem' }
  | { readonly name: 'help' }
  | { readonly name: 'stale-workers' }
  /** For one board where a build is named. */
  | { readonly name: 'compare-machines'; readonly build: BuildRef | null }
  | { readonly name: 'settings'; readonly page?: 'firmware' }
  | { readonly name: 'palette' }
  | { readonly name: 'fetch-compilers' }
  | { readonly name: 'save-report'; readonly runId: string }
  | { readonly name: 'save-run'; readonly runId: string }
  | { readonly name: 'find-commit'; readonly build: BuildRef }
  | { readonly name: 'close-terminal'; readonly id: string }
  | { readonly name: 'machine'; readonly machine: string }
  | { readonly name: 'machine-facts'; readonly machine: string }
  | { readonly name: 'remove-machine'; readonly machine: string }

export type ViewState = {
  /** The tab in front. */
  readonly tab: TabId
  readonly launchOpen: boolean
  readonly machinesOpen: boolean
  readonly dialog: DialogName | null
  readonly colouring: Colouring
  /** Index into the zoom steps of the grid's kind, or whatever shows everything at once. */
  readonly zoom: number | 'fit'
  /** In the selection language: what does not match is dimmed, or left out (`narrow`). Empty: no filter. */
  readonly filter: string
  readonly narrow: boolean
  /** Only boards with a build of one of these; empty shows all. */
  readonly marks: ReadonlySet<BuildMark>
  /** Of a matrix: only rows of these classes; empty shows all. */
  readonly classes: ReadonlySet<RowChange>
  /**
   * Of a matrix: all rows, or only those whose outcome changes from commit to commit. Null leaves
   * it to the run: all while it goes on, the changing ones when it has ended.
   */
  readonly rows: 'all' | 'changing' | null
  /** Boards (by index) put first when the person asked; they stay where they are until asked again. */
  readonly first: ReadonlySet<number>
  /** The machine shown alone, the others at 20%; empty for none. */
  readonly solo: string
  /** Cells under the cursor keys and picked for an action. */
  readonly focused: number
  readonly selected: ReadonlySet<number>
  /** The cell whose details are open; -1 for none. */
  readonly detail: number
  /** The person asked to read the log: it takes the focus as soon as it is there. */
  readonly logWanted: boolean
  /** The person asked which boards compile a line: its field takes the focus as soon as it is there. */
  readonly lineWanted: boolean
}

export const firstView: ViewState = {
  tab: 'grid',
  launchOpen: true,
  machinesOpen: true,
  dialog: null,
  colouring: 'machine',
  zoom: 'fit',
  filter: '',
  narrow: false,
  marks: new Set(),
  classes: new Set(),
  rows: null,
  first: new Set(),
  solo: '',
  focused: -1,
  selected: new Set(),
  detail: -1,
  logWanted: false,
  lineWanted: false,
}

export type ViewStore = ReturnType<typeof createViewStore>

/**
 * What the person looks at and how; nothing of it outlives the window.
 *
 * @param room the window's width in CSS pixels: panels that would leave the stage none start closed
 */
export function createViewStore(room = Number.POSITIVE_INFINITY) {
  const store = createStore<ViewState>(() => ({
    ...firstView,
    launchOpen: room >= 640,
    machinesOpen: room >= 900,
  }))
  const change = (changes: Partial<ViewState>) => store.setState(changes)
  return {
    store,
    change,
    /** Forgets what pointed into the run shown before; of the same grid the same build stays in view. */
    newRun: (isSameGrid: boolean) =>
      change({
        ...(!isSameGrid && { rows: null, focused: -1, detail: -1 }),
        selected: new Set(),
        first: new Set(),
        marks: new Set(),
        classes: new Set(),
        solo: '',
      }),
    /** An empty filter narrows nothing. */
    filterBy: (filter: string) =>
      change({ filter, ...(filter.trim() === '' && { narrow: false }) }),
    /** Takes away whatever leaves boards out. */
    showAll: () => change({ filter: '', narrow: false, marks: new Set(), classes: new Set() }),
    toggleSolo: (machine: string) =>
      change({ solo: store.getState().solo === machine ? '' : machine }),
    toggleMark: (mark: BuildMark) => change({ marks: toggled(store.getState().marks, mark) }),
    toggleSelected: (cell: number) =>
      change({ selected: toggled(store.getState().selected, cell) }),
    toggleClass: (name: RowChange) => change({ classes: toggled(store.getState().classes, name) }),
    /** Moves the cursor; details that are open follow it. */
    moveTo: (cell: number) =>
      change({ focused: cell, ...(store.getState().detail >= 0 && { detail: cell }) }),
    /** Opens a build's details and puts the focus into its log. */
    openLog: (cell: number) => change({ focused: cell, detail: cell, logWanted: true }),
    openDialog: (dialog: DialogName) => change({ dialog }),
    closeDialog: () => change({ dialog: null }),
    /** Clears one layer at a time: the details, then the selection, then what hides or dims cells. */
    escape(): void {
      const view = store.getState()
      if (view.detail >= 0) change({ detail: -1 })
      else if (view.selected.size > 0) change({ selected: new Set() })
      else {
        this.showAll()
        change({ solo: '' })
      }
    },
  }
}

/** The set with the item in it, or without it if it was. */
export function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}

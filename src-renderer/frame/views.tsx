import { type ComponentType, lazy } from 'react'
import { GridView } from '../grid/GridView.tsx'
import { HistoryView } from '../history/HistoryView.tsx'
import { SummaryView } from '../summary/SummaryView.tsx'
import { TimelineView } from '../timeline/TimelineView.tsx'

/** A tab of the stage. A view is drawn only while it is in front. */
export type View = {
  readonly id: string
  readonly title: string
  readonly Component: ComponentType
  /** It has something to show without a run, too. */
  readonly always?: boolean
}

/** xterm.js is a third of the window's program, and most people open no terminal. */
const TerminalView = lazy(async () => ({
  default: (await import('../terminal/TerminalView.tsx')).TerminalView,
}))

/** The tabs, in their order: a new view of a run is added here and nowhere else. */
export const views: readonly View[] = [
  { id: 'grid', title: 'Grid', Component: GridView },
  { id: 'timeline', title: 'Timeline', Component: TimelineView },
  { id: 'summary', title: 'Summary', Component: SummaryView },
  { id: 'history', title: 'History', Component: HistoryView, always: true },
  { id: 'terminals', title: 'Terminals', Component: TerminalView, always: true },
]

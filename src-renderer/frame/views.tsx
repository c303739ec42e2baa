import type { ComponentType } from 'react'
import { GridView } from '../grid/GridView.tsx'
import { HistoryView } from '../history/HistoryView.tsx'
import { SummaryView } from '../summary/SummaryView.tsx'
import { TerminalView } from '../terminal/TerminalView.tsx'
import { TimelineView } from '../timeline/TimelineView.tsx'

/** A tab of the stage. A view is drawn only while it is in front. */
export type View = {
  readonly id: string
  readonly title: string
  readonly Component: ComponentType
  /** It has something to show without a run, too. */
  readonly always?: boolean
}

/** The tabs, in their order: a new view of a run is added here and nowhere else. */
export const views: readonly View[] = [
  { id: 'grid', title: 'Grid', Component: GridView },
  { id: 'timeline', title: 'Timeline', Component: TimelineView },
  { id: 'summary', title: 'Summary', Component: SummaryView },
  { id: 'history', title: 'History', Component: HistoryView, always: true },
  { id: 'terminals', title: 'Terminals', Component: TerminalView, always: true },
]

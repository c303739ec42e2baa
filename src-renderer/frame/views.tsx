import { type ComponentType, lazy } from 'react'
import { BisectView } from '../bisect/BisectView.tsx'
import { BoardsView } from '../boards/BoardsView.tsx'
import { GridView } from '../grid/GridView.tsx'
import { HistoryView } from '../history/HistoryView.tsx'
import type { TabId } from '../state/tabs.ts'
import { SummaryView } from '../summary/SummaryView.tsx'
import { TimelineView } from '../timeline/TimelineView.tsx'
import { Welcome } from './Welcome.tsx'

/** xterm.js is a third of the window's program, and most people open no terminal. */
const TerminalView = lazy(async () => ({
  default: (await import('../terminal/TerminalView.tsx')).TerminalView,
}))

/** What each tab shows. A view is drawn only while it is in front. */
export const views: Readonly<Record<TabId, ComponentType>> = {
  plan: Welcome,
  grid: GridView,
  timeline: TimelineView,
  boards: BoardsView,
  summary: SummaryView,
  history: HistoryView,
  terminals: TerminalView,
  bisect: BisectView,
}

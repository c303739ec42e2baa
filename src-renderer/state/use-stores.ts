import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import type { BuildView } from '../detail/build-store.ts'
import type { GridModelState } from '../grid/model/grid-model.ts'
import type { HistoryState } from '../history/history-store.ts'
import type { LaunchState } from '../launch/launch-store.ts'
import type { PaletteOverrides } from '../look/palette.ts'
import type { SummaryState } from '../summary/summary-store.ts'
import type { TerminalsState } from '../terminal/terminal-store.ts'
import type { TimelineState } from '../timeline/timeline-store.ts'
import type { MachinesState } from './machines-store.ts'
import type { RunSummary } from './run-store.ts'
import type { SettingsState } from './settings-store.ts'
import type { Stores } from './stores.ts'
import type { ViewState } from './view-store.ts'

export const StoresContext = createContext<Stores | null>(null)

export function useStores(): Stores {
  const stores = useContext(StoresContext)
  if (!stores) throw new Error('this view is outside <StoresContext>')
  return stores
}

/** A hook that reads one store with a selector; the view is drawn again when the selected part changes. */
function hookFor<S>(storeOf: (stores: Stores) => { readonly store: StoreApi<S> }) {
  return <T>(selector: (state: S) => T): T => useStore(storeOf(useStores()).store, selector)
}

export const useRun = hookFor<RunSummary>((stores) => stores.runs)
export const useView = hookFor<ViewState>((stores) => stores.view)
export const useMachines = hookFor<MachinesState>((stores) => stores.machines)
export const useLaunch = hookFor<LaunchState>((stores) => stores.launch)
export const useSettings = hookFor<SettingsState>((stores) => stores.settings)
const noOverrides: PaletteOverrides = {}
/** Colours that the person gave to machines. */
export const usePalette = () => useSettings((state) => state.settings?.palette ?? noOverrides)
export const useGrid = hookFor<GridModelState>((stores) => stores.grid)
export const useQuestions = hookFor((stores) => stores.questions)
export const useActions = hookFor((stores) => stores.actions)
export const useBuild = hookFor<BuildView>((stores) => stores.build)
export const useLastTimes = hookFor((stores) => stores.lastTimes)
export const useTimeline = hookFor<TimelineState>((stores) => stores.timeline)
export const useSummary = hookFor<SummaryState>((stores) => stores.summary)
export const useHistory = hookFor<HistoryState>((stores) => stores.history)
export const useTerminals = hookFor<TerminalsState>((stores) => stores.terminals)

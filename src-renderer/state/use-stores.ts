import { createContext, useContext, useMemo } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import {
  type ChosenColours,
  type HuedMachine,
  type MachineLook,
  machineLooks,
} from '../../src-core/machine-colours.ts'
import { type ProviderWish, wishesWithin } from '../../src-core/provider.ts'
import type { BisectView } from './bisect-store.ts'
import type { BlobsState } from './blobs-store.ts'
import type { ComparisonView } from './comparison-store.ts'
import type { CompilersState } from './compilers-store.ts'
import type { GridModelState } from './grid/grid-model.ts'
import type { HistoryState } from './history-store.ts'
import type { LaunchState } from './launch/launch-store.ts'
import type { MachinesState } from './machines-store.ts'
import type { ProvidersState } from './providers-store.ts'
import type { BuildView } from './run/build-store.ts'
import type { RunSummary } from './run/run-store.ts'
import type { SummaryState } from './run/summary-store.ts'
import type { SettingsState } from './settings-store.ts'
import type { Stores } from './stores.ts'
import type { TerminalsState } from './terminal-store.ts'
import type { TimelineState } from './timeline/timeline-store.ts'
import type { UpdateState } from './update-store.ts'
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
export const useCompilers = hookFor<CompilersState>((stores) => stores.compilers)
export const useBlobs = hookFor<BlobsState>((stores) => stores.blobs)
export const useSettings = hookFor<SettingsState>((stores) => stores.settings)
export const useUpdate = hookFor<UpdateState>((stores) => stores.update)
export const useProviders = hookFor<ProvidersState>((stores) => stores.providers)

const noWishes: readonly ProviderWish[] = []
/** Where the next run may build: the toggles, and what is asked of providers. */
export function useWhere() {
  const app = useSettings((state) => state.settings)
  const providers = useProviders((state) => state.providers)
  const wanted = app?.providers ?? noWishes
  const wishes = useMemo(() => wishesWithin(wanted, providers), [wanted, providers])
  return { distribute: app?.distribute ?? true, noLocal: app?.noLocal ?? false, wishes }
}

/** What the next run asks of a provider, and what changes that: its limit, a number of machines, or nothing. */
export function useWish(name: string, most: number) {
  const { providers } = useStores()
  const { wishes } = useWhere()
  return {
    /** 0 where it is not asked. */
    nodes: wishes.find((wish) => wish.name === name)?.nodes ?? 0,
    choose: (nodes: number) => void providers.choose(name, nodes),
    toggle: (on: boolean) => void providers.choose(name, on ? most : 0),
  }
}

const noneChosen: ChosenColours = {}
/** Colours that the person gave to machines. */
export const useChosenColours = () =>
  useSettings((state) => state.settings?.machineColours ?? noneChosen)

/** Colour and code of every machine that the window shows: those configured, and those of the run. */
export function useMachineLooks(): ReadonlyMap<string, MachineLook> {
  const configured = useMachines((state) => state.hues)
  const parts = useRun((run) => huesText(run.machines))
  const chosen = useChosenColours()
  return useMemo(() => {
    const inRun = huesOf(parts).filter(({ name }) => !configured.has(name))
    const all = [...configured].map(([name, hue]) => ({ name, hue }))
    return machineLooks([...all, ...inRun], chosen)
  }, [configured, parts, chosen])
}

/** A run's machines as one text, which stays equal while their figures change. */
function huesText(machines: readonly HuedMachine[]): string {
  return JSON.stringify(machines.map(({ name, hue }) => ({ name, hue })))
}

function huesOf(text: string): readonly HuedMachine[] {
  return JSON.parse(text)
}
export const useGrid = hookFor<GridModelState>((stores) => stores.grid)
export const useQuestions = hookFor((stores) => stores.questions)
export const useActions = hookFor((stores) => stores.actions)
export const useBuild = hookFor<BuildView>((stores) => stores.build)
export const useLastTimes = hookFor((stores) => stores.lastTimes)
export const useWarnings = hookFor((stores) => stores.warnings)
export const useTimeline = hookFor<TimelineState>((stores) => stores.timeline)
export const useSummary = hookFor<SummaryState>((stores) => stores.summary)
export const useHistory = hookFor<HistoryState>((stores) => stores.history)
export const useComparison = hookFor<ComparisonView>((stores) => stores.comparison)
export const useBisect = hookFor<BisectView>((stores) => stores.bisect)
export const useTerminals = hookFor<TerminalsState>((stores) => stores.terminals)

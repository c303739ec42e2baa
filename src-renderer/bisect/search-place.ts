import { useSettings, useWhere } from '../state/use-stores.ts'

/** Where a search builds that begins or goes on now: as the next run would. */
export function useSearchPlace() {
  const useMachines = useSettings((state) => state.settings?.useMachines)
  const { distribute, noLocal, wishes } = useWhere()
  return () => ({
    ...{ distribute, noLocal },
    useMachines: [...(useMachines ?? [])],
    providers: [...wishes],
  })
}

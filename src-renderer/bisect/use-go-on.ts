import { useStores } from '../state/use-stores.ts'
import { useSearchPlace } from './search-place.ts'

/** Has a search that was broken off go on, and shows it. */
export function useGoOn() {
  const { bisect, actions, view } = useStores()
  const where = useSearchPlace()
  return async (withMarks: boolean) => {
    const begun = await bisect.goOn(where(), withMarks)
    if (begun.ok) view.change({ tab: 'bisect' })
    else actions.tell(begun.problem)
  }
}

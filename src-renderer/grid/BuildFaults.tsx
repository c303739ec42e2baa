import { useEffect } from 'react'
import { useStores, useWarnings } from '../state/use-stores.ts'
import { faultText } from '../words.ts'
import type { CellDescription } from './model/describe-cell.ts'

/** The first errors of a build that failed, or the first warnings of one that has some. */
export function BuildFaults({ cell, build }: { cell: number; build: CellDescription }) {
  const { warnings } = useStores()
  const warned = useWarnings((state) => state.lines.get(cell))
  const { state, firstErrors } = build
  useEffect(() => {
    if (state === 'warnings') void warnings.want(cell)
  }, [warnings, cell, state])
  const lines = state === 'warnings' ? (warned ?? []) : firstErrors.slice(0, 3)
  if (lines.length === 0) return null
  return <pre>{lines.map(faultText).join('\n')}</pre>
}

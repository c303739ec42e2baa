import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/** The room beside the tabs; null until it is there. */
export const ViewToolsPlace = createContext<HTMLElement | null>(null)

/** The tools of the view in front, beside the tabs: a row of their own would be taken from the view. */
export function ViewTools({ children }: { children: ReactNode }) {
  const place = useContext(ViewToolsPlace)
  return place && createPortal(children, place)
}

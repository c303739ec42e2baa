import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useBesidePointer } from './beside-pointer.ts'
import { PanelContext } from './Popover.tsx'

/** A menu at a place of the window: a choice, a click elsewhere or Esc closes it. */
export function ContextMenu({
  label,
  x,
  y,
  onClose,
  children,
}: {
  label: string
  /** CSS pixels in the window. */
  x: number
  y: number
  onClose: () => void
  children: ReactNode
}) {
  const id = useId()
  const place = useBesidePointer(x, y)
  const shown = useRef(false)
  useEffect(() => {
    if (shown.current) return
    shown.current = true
    place.current?.showPopover()
    place.current?.querySelector<HTMLElement>('.menu-item:not(:disabled)')?.focus()
  }, [place])
  return (
    <div
      ref={place}
      id={id}
      popover="auto"
      className="popover context-menu"
      role="dialog"
      aria-label={label}
      onToggle={(event) => event.newState === 'closed' && onClose()}
    >
      <PanelContext value={id}>{children}</PanelContext>
    </div>
  )
}

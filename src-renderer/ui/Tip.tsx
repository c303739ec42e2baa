import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import './tip.css'

/** One tooltip for the whole page: what it explains are mere triggers, so that hundreds of them cost little. */
const tooltip = Tooltip.createHandle<string>()

/** Until it shows, in milliseconds; one beside another that is shown comes at once. */
const hoverMs = 500

/** Around the page: says where tooltips are shown. */
export function Tips({ children }: { children: ReactNode }) {
  return (
    <Tooltip.Provider delay={hoverMs}>
      {children}
      <Tooltip.Root handle={tooltip} disableHoverablePopup onOpenChange={letEscThrough}>
        {({ payload }) => (
          <Tooltip.Portal>
            <Tooltip.Positioner
              ref={toFront}
              popover="manual"
              className="tip-place"
              side="bottom"
              sideOffset={6}
              collisionPadding={4}
            >
              <Tooltip.Popup className="tip">{payload}</Tooltip.Popup>
            </Tooltip.Positioner>
          </Tooltip.Portal>
        )}
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}

/** Esc takes the tooltip away and does what else it does: a dialog whose button has the focus closes at once. */
function letEscThrough(_isOpen: boolean, details: Tooltip.Root.ChangeEventDetails): void {
  if (details.reason !== 'escape-key') return
  details.cancel()
  details.allowPropagation()
  queueMicrotask(() => tooltip.close())
}

/** A popover of the browser stands before dialogs, too, wherever in the page it is. */
function toFront(place: HTMLElement | null): void {
  if (place?.isConnected) place.showPopover()
}

/**
 * Says something of an element while the pointer rests on it or keys brought the focus to it; Esc takes it
 * away. A screen reader hears it behind the element's name.
 */
export function Tip({
  text,
  isName = false,
  children,
}: {
  /** Empty for nothing to say. */
  text: string | undefined
  /** The element is called the same already. */
  isName?: boolean
  children: ReactElement
}) {
  return (
    <Tooltip.Trigger
      handle={tooltip}
      payload={text}
      disabled={!text}
      aria-description={text && !isName ? text : undefined}
      render={children}
    />
  )
}

import { createContext, type ReactNode, useContext, useId, useState } from 'react'
import { Tip } from './Tip.tsx'

/** Id of the panel around an item. */
const PanelContext = createContext<string | undefined>(undefined)

/** A button, and what opens below it. */
export type PanelProps = {
  /** The button's name where `button` shows no text. */
  label?: string
  button: ReactNode
  className?: string
  kind?: 'quiet'
  icon?: boolean
  align?: 'start' | 'end'
  /** What its tooltip says. */
  tip?: string
  children: ReactNode
}

/**
 * A button with a panel below it that a click elsewhere, Esc or a choice of a `PanelItem` closes.
 * What is in the panel exists only while it is open: some hold hundreds of chips.
 */
export function Popover({
  label,
  button,
  className = 'button',
  kind,
  icon = false,
  align = 'start',
  tip,
  children,
}: PanelProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const anchor = `--anchor-${id.replaceAll(/[^\w]/g, '')}`
  return (
    <>
      <Tip text={tip}>
        <button
          type="button"
          className={className}
          data-kind={kind}
          data-icon={icon || undefined}
          aria-label={label}
          aria-haspopup="true"
          popoverTarget={id}
          style={{ anchorName: anchor }}
        >
          {button}
        </button>
      </Tip>
      <div
        id={id}
        popover="auto"
        className="popover"
        data-align={align}
        style={{ positionAnchor: anchor }}
        onBeforeToggle={(event) => event.newState === 'open' && setOpen(true)}
        onToggle={(event) => event.newState === 'closed' && setOpen(false)}
      >
        {open && <PanelContext value={id}>{children}</PanelContext>}
      </div>
    </>
  )
}

/** One line of a menu or a popover. */
export type ItemProps = {
  readonly onChoose: () => void
  readonly disabled?: boolean
  readonly hint?: string
  readonly children: ReactNode
}

/** One line of a popover that does something and closes it. */
export function PanelItem({ onChoose, disabled = false, hint, children }: ItemProps) {
  return (
    <button
      type="button"
      className="menu-item"
      disabled={disabled}
      popoverTarget={useContext(PanelContext)}
      popoverTargetAction="hide"
      onClick={onChoose}
    >
      {children}
      {hint && <span className="hint">{hint}</span>}
    </button>
  )
}

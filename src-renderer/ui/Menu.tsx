import { Menu as Base } from '@base-ui/react/menu'
import { type ReactNode, useMemo } from 'react'
import type { ItemProps, PanelProps } from './Popover.tsx'
import { Tip } from './Tip.tsx'

/** A button with a menu below it: arrow keys and first letters move in it, Esc and a click elsewhere close it. */
export function Menu({
  label,
  button,
  className = 'button',
  kind,
  icon = false,
  align = 'start',
  tip = icon ? label : undefined,
  children,
}: PanelProps) {
  return (
    <Base.Root modal={false}>
      <Tip text={tip} isName={tip === label}>
        <Base.Trigger
          className={className}
          data-kind={kind}
          data-icon={icon || undefined}
          aria-label={label}
        >
          {button}
        </Base.Trigger>
      </Tip>
      <Base.Portal>
        <Base.Positioner className="menu-place" align={align} sideOffset={2} collisionPadding={4}>
          <Base.Popup className="menu" finalFocus={finalFocus}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** A menu at a place of the window, for as long as it is drawn. */
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
  const anchor = useMemo(
    () => ({ getBoundingClientRect: () => DOMRect.fromRect({ x, y, width: 0, height: 0 }) }),
    [x, y],
  )
  return (
    <Base.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner
          className="menu-place"
          anchor={anchor}
          align="start"
          sideOffset={2}
          collisionPadding={4}
        >
          <Base.Popup className="menu" aria-label={label} finalFocus={finalFocus}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** What was chosen may have taken the focus somewhere; then it stays there. */
function finalFocus(): boolean {
  const now = document.activeElement
  return now === null || now === document.body || now.closest('.menu') !== null
}

/** One line of a menu that does something and closes it. */
export function MenuItem({ onChoose, disabled = false, hint, children }: ItemProps) {
  return (
    <Base.Item className="menu-item" disabled={disabled} onClick={onChoose}>
      {children}
      {hint && <span className="hint">{hint}</span>}
    </Base.Item>
  )
}

/** Few choices of which one holds; the menu stays open. */
export function MenuChoice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T
  options: readonly { readonly value: T; readonly label: string }[]
  onChange: (value: T) => void
}) {
  return (
    <Base.RadioGroup aria-label={label} value={value} onValueChange={onChange}>
      <p className="menu-title">{label}</p>
      {options.map((option) => (
        <Base.RadioItem
          key={option.value}
          className="menu-item"
          value={option.value}
          closeOnClick={false}
        >
          {option.label}
          <Base.RadioItemIndicator className="hint">✓</Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

/** Things that are on or off each by itself; the menu stays open. */
export function MenuTicks({
  label,
  options,
  onToggle,
}: {
  label: string
  options: readonly { readonly id: string; readonly title: string; readonly on: boolean }[]
  onToggle: (id: string) => void
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="menu-title">{label}</Base.GroupLabel>
      {options.map(({ id, title, on }) => (
        <Base.CheckboxItem
          key={id}
          className="menu-item"
          checked={on}
          closeOnClick={false}
          onCheckedChange={() => onToggle(id)}
        >
          {title}
          <Base.CheckboxItemIndicator className="hint">✓</Base.CheckboxItemIndicator>
        </Base.CheckboxItem>
      ))}
    </Base.Group>
  )
}

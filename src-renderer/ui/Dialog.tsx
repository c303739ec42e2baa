import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './controls.tsx'
import './dialog.css'

/** A dialog in front of the window: the browser keeps the focus in it, and Esc closes it. */
export function Dialog({
  title,
  size = 'medium',
  onClose,
  children,
}: {
  title: string
  size?: 'medium' | 'large'
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>('.dialog-body input, footer button')?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="dialog"
      data-size={size}
      aria-labelledby={titleId}
      onClose={onClose}
    >
      <header>
        <h2 id={titleId}>{title}</h2>
        <IconButton name="Close" icon="close" onClick={() => dialog.current?.close()} />
      </header>
      {children}
    </dialog>
  )
}

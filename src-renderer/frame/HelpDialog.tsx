import { useEffect, useRef } from 'react'
import { shortcuts } from '../commands/shortcuts.ts'
import { Dialog } from '../ui/Dialog.tsx'
import './help.css'

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!list.current) return
    // Nothing in the list takes the focus: without the focus on itself no key would scroll it.
    list.current.tabIndex = 0
    list.current.focus()
  }, [])
  return (
    <Dialog title="Keyboard" size="large" onClose={onClose}>
      <section ref={list} className="dialog-body help" aria-label="Shortcuts">
        {shortcuts.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  )
}

import { Dialog } from '../ui/Dialog.tsx'
import './help.css'

/** What the keys do; the grid's own are in `grid/keys.ts`. */
const groups: readonly {
  readonly title: string
  readonly keys: readonly (readonly [keys: string, does: string])[]
}[] = [
  {
    title: 'In the grid',
    keys: [
      ['← → ↑ ↓', 'move'],
      ['Home End PgUp PgDn', 'move far'],
      ['n  N', 'next and previous failure'],
      ['Enter', 'open the build'],
      ['Space', 'select'],
      ['Shift + arrows', 'select a stretch'],
      ['r', 'build the selection again, or what failed'],
      ['1 … 9', 'one machine alone'],
      ['/', 'filter'],
      ['Esc', 'close the details, then clear selection and filters'],
    ],
  },
  {
    title: 'Anywhere',
    keys: [
      ['Ctrl + O', 'open a tree'],
      ['Ctrl + B', 'build'],
      ['Ctrl + .', 'stop the run'],
      ['?', 'this help'],
    ],
  },
  {
    title: 'With the mouse',
    keys: [
      ['click a machine', 'show it alone'],
      ['Shift-click a machine', 'leave it out of the next run'],
      ['Ctrl-click, Shift-click a cell', 'select cells'],
    ],
  },
]

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <div className="dialog-body help">
        {groups.map(({ title, keys }) => (
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
      </div>
    </Dialog>
  )
}

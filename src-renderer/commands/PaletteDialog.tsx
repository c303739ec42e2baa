import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useStores } from '../state/use-stores.ts'
import { ranked } from './fuzzy.ts'
import { boardCommands, type Command, choiceCommands, commandsOf } from './offered-commands.ts'
import './palette.css'

const most = 50

/** Every command by its name, and every board of the run and of the tree: type, choose, Enter. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const stores = useStores()
  const dialog = useRef<HTMLDialogElement>(null)
  const chosen = useRef<Command>(null)
  const id = useId()
  const [search, setSearch] = useState('')
  const [active, setActive] = useState(0)
  const groups = found(stores, search)
  const all = groups.flatMap(({ commands }) => commands)
  useEffect(() => dialog.current?.showModal(), [])

  const run = (command: Command | undefined) => {
    if (!command) return
    chosen.current = command
    dialog.current?.close()
  }
  // Run only now: a dialog that the command opens would else be closed with this one.
  const closed = () => {
    onClose()
    chosen.current?.run()
  }
  const press = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const by = moves[event.key]
    if (by !== undefined) setActive((active + by + all.length) % Math.max(1, all.length))
    else if (event.key === 'Enter') run(all[active])
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className="palette" aria-label="Commands" onClose={closed}>
      <input
        className="field"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={all.length > 0 ? `${id}-${active}` : undefined}
        aria-label="What to do, or a board"
        placeholder="What to do, or a board"
        spellCheck={false}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value)
          setActive(0)
        }}
        onKeyDown={press}
      />
      <div id={`${id}-list`} className="palette-list-box" role="listbox" aria-label="Commands">
        {groups.map(({ title, commands, from }) => (
          <fieldset key={title} aria-label={title}>
            {commands.map((command, index) => (
              <PaletteItem
                key={command.id}
                id={`${id}-${from + index}`}
                command={command}
                active={from + index === active}
                onRun={() => run(command)}
                onHover={() => setActive(from + index)}
              />
            ))}
          </fieldset>
        ))}
        {all.length === 0 && <p className="palette-nothing">Nothing is called like that.</p>}
      </div>
    </dialog>
  )
}

function PaletteItem({
  id,
  command: { title, keys },
  active,
  onRun,
  onHover,
}: {
  id: string
  command: Command
  active: boolean
  onRun: () => void
  onHover: () => void
}) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div
      ref={row}
      id={id}
      className="palette-item"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onClick={onRun}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onRun()
      }}
      onPointerMove={onHover}
    >
      {title}
      {keys && <kbd>{keys}</kbd>}
    </div>
  )
}

function found(stores: ReturnType<typeof useStores>, search: string) {
  const commands = ranked(search, commandsOf(stores), ({ title }) => title, most)
  const boards = boardCommands(stores, search)
  return [
    { title: 'Commands', commands, from: 0 },
    { title: 'Boards of the run', commands: boards, from: commands.length },
    {
      title: 'Boards of the tree',
      commands: choiceCommands(stores, search),
      from: commands.length + boards.length,
    },
  ].filter((group) => group.commands.length > 0)
}

import { type FormEvent, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { NamedSelection } from '../../src-core/schemas.ts'
import {
  isChosen,
  selectionOf,
  wishesOf,
  withoutSelection,
  withSelection,
} from '../state/launch/named-selections.ts'
import { useLaunch, useSettings, useStores } from '../state/use-stores.ts'
import { Button, IconButton } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { PanelItem, Popover } from '../ui/Popover.tsx'

const none: readonly NamedSelection[] = []

/** Boards that a person builds again and again, by a name of their own. */
export function NamedSelections() {
  const selections = useSettings((state) => state.settings?.selections ?? none)
  const wishes = useLaunch((state) => state.wishes)
  const chosen = selections.find((one) => isChosen(one, wishes))
  return (
    <Popover
      className="chip"
      button={
        <>
          {chosen ? chosen.name : 'selections'}
          <Icon name="chevron" />
        </>
      }
      tip={chosen ? `The selection ${chosen.name}` : 'Selections of boards with a name'}
    >
      <div className="named-selections">
        {selections.map((selection) => (
          <SelectionLine key={selection.name} selection={selection} />
        ))}
        {selections.length > 0 && <div className="menu-line" />}
        <KeepSelection selections={selections} />
      </div>
    </Popover>
  )
}

function SelectionLine({ selection }: { selection: NamedSelection }) {
  const { launch, settings } = useStores()
  const { name } = selection
  const remove = () => {
    const all = settings.store.getState().settings?.selections ?? none
    void settings.change({ selections: withoutSelection(all, name) })
  }
  return (
    <div className="named-selection">
      <PanelItem hint={contentText(selection)} onChoose={() => launch.choose(wishesOf(selection))}>
        {name}
      </PanelItem>
      <IconButton name={`Forget ${name}`} icon="close" onClick={remove} />
    </div>
  )
}

function KeepSelection({ selections }: { selections: readonly NamedSelection[] }) {
  const { settings } = useStores()
  const wishes = useLaunch((state) => state.wishes)
  const choice = useLaunch((state) => state.choice)
  const [name, setName] = useState('')
  const selection = selectionOf(name, wishes, choice)
  const next = selection && name.trim() !== '' ? withSelection(selections, selection) : null
  const isTaken = selections.some((one) => one.name === name.trim())
  const keep = (event: FormEvent) => {
    event.preventDefault()
    if (!next) return
    void settings.change({ selections: next })
    setName('')
  }
  return (
    <form className="keep-selection" onSubmit={keep}>
      <label>
        Keep {plural(choice.chosen.length, 'board')} as
        <input
          className="field"
          maxLength={60}
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={!next}>
        {isTaken ? 'Replace' : 'Keep'}
      </Button>
    </form>
  )
}

/** `12 boards`, or the terms that find them. */
function contentText({ boards, terms, exclude, chips }: NamedSelection): string {
  if (boards.length > 0) return plural(boards.length, 'board')
  const but = exclude.trim() === '' ? [] : [`− ${exclude}`]
  return [terms, ...chips.arch, ...chips.vendor, ...chips.soc, ...but].filter(Boolean).join(' ')
}

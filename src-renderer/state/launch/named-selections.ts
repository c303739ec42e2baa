import { chipFields } from '../../../src-core/boards/selection.ts'
import { mostNamedBoards, mostSelections, type NamedSelection } from '../../../src-core/schemas.ts'
import { type BoardChoice, type BoardWishes, noWishes } from './board-choice.ts'

/**
 * What is chosen now, to be kept under a name: terms and chips, which find boards that the tree gets later,
 * too; where boards were ticked or limited to a list, these very boards. Null where those are too many.
 */
export function selectionOf(
  name: string,
  wishes: BoardWishes,
  { shown, chosen }: Pick<BoardChoice, 'shown' | 'chosen'>,
): NamedSelection | null {
  if (chosen.length === 0) return null
  const isRule = wishes.within === null && chosen.length === shown.length
  if (!isRule && chosen.length > mostNamedBoards) return null
  const { terms, exclude, chips } = isRule ? wishes : noWishes
  return {
    name: name.trim(),
    terms,
    exclude,
    chips: { arch: [...chips.arch], vendor: [...chips.vendor], soc: [...chips.soc] },
    boards: isRule ? [] : [...chosen],
  }
}

/** What chooses it again. */
export function wishesOf({ name, terms, exclude, chips, boards }: NamedSelection): BoardWishes {
  const within = boards.length > 0 ? { name, targets: new Set(boards) } : null
  return { terms, exclude, chips, within, unticked: new Set() }
}

/** Whether it, and nothing else, is what narrows the boards down now. */
export function isChosen(selection: NamedSelection, wishes: BoardWishes): boolean {
  const wanted = wishesOf(selection)
  return (
    wanted.terms === wishes.terms &&
    wanted.exclude === wishes.exclude &&
    wanted.within?.name === wishes.within?.name &&
    chipFields.every((field) => wanted.chips[field].join() === wishes.chips[field].join())
  )
}

/** In order of names; one of the same name gives way. Null where there is no room for another. */
export function withSelection(
  all: readonly NamedSelection[],
  selection: NamedSelection,
): NamedSelection[] | null {
  const others = withoutSelection(all, selection.name)
  if (others.length >= mostSelections) return null
  return [...others, selection].sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

export function withoutSelection(all: readonly NamedSelection[], name: string): NamedSelection[] {
  return all.filter((one) => one.name !== name)
}

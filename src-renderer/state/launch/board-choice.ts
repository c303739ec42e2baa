import {
  type Chip,
  type ChipChoice,
  type ChipField,
  chipFields,
  chipsOf,
  noChips,
  parseSelection,
  pickByChips,
  type SelectionProblem,
  selectBoards,
} from '../../../src-core/boards/selection.ts'
import type { Board } from '../../../src-core/model.ts'

export type BoardWishes = {
  /** Terms of the selection language, and those that exclude. */
  readonly terms: string
  readonly exclude: string
  readonly chips: ChipChoice
  /** Only boards of this list (touched by a change, failed last time), with its name; null for no such limit. */
  readonly within: { readonly name: string; readonly targets: ReadonlySet<string> } | null
  /** Boards that the person took the tick from. */
  readonly unticked: ReadonlySet<string>
}

export const noWishes: BoardWishes = {
  terms: '',
  exclude: '',
  chips: noChips,
  within: null,
  unticked: new Set(),
}

export type BoardChoice = {
  /** What the list shows. */
  readonly shown: readonly Board[]
  /** What would be built: shown and ticked. */
  readonly chosen: readonly string[]
  readonly terms: readonly { readonly term: string; readonly count: number }[]
  readonly problems: readonly SelectionProblem[]
  /** Set where the terms are names: see `areNames`. Those that no board has. */
  readonly unknownNames: readonly string[] | null
  /** Values of each property with counts over what the other wishes leave; picked ones first. */
  readonly chips: Readonly<Record<ChipField, readonly Chip[]>>
}

export const noChoice: BoardChoice = {
  shown: [],
  chosen: [],
  terms: [],
  problems: [],
  unknownNames: null,
  chips: { arch: [], vendor: [], soc: [] },
}

/**
 * Applies the wishes to a tree's boards. What is shown and ticked is what will be built, so that
 * a filter alone is enough to choose, and ticks taken away under one filter stay away under the next.
 * A mistake in what is typed chooses nothing, and leaves in view what was there `before` it.
 */
export function chooseBoards(
  boards: readonly Board[],
  wishes: BoardWishes,
  before: BoardChoice = noChoice,
): BoardChoice {
  const { within, chips, unticked } = wishes
  const byName = areNames(wishes.terms, boards)
  const [terms, names] = byName ? ['', wishes.terms] : [wishes.terms, '']
  const parsed = parseSelection({ terms, exclude: wishes.exclude, boards: names })
  if (!parsed.ok)
    return { ...before, chosen: [], terms: [], problems: parsed.problems, unknownNames: null }
  const selected = selectBoards(boards, parsed.selection)
  const matching = within
    ? selected.boards.filter((board) => within.targets.has(board.target))
    : selected.boards
  const shown = pickByChips(matching, chips)
  const chipsFor = (field: ChipField) =>
    withPicked(chipsOf(pickByChips(matching, { ...chips, [field]: [] }), field), chips[field])
  return {
    shown,
    chosen: shown.flatMap(({ target }) => (unticked.has(target) ? [] : [target])),
    terms: selected.counts.map(({ term, targets }) => ({ term, count: targets.length })),
    problems: [],
    unknownNames: byName ? selected.notFound : null,
    chips: { arch: chipsFor('arch'), vendor: chipsFor('vendor'), soc: chipsFor('soc') },
  }
}

/**
 * Whether what was typed, or pasted, is a list of boards rather than terms: several words, most of which
 * are the name of a board to the letter. As terms each of them would bring all whose names begin so, too.
 */
export function areNames(text: string, boards: readonly Board[]): boolean {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  if (words.length < 2 || words.some((word) => !/^[\w.+-]+$/.test(word))) return false
  const targets = new Set(boards.map(({ target }) => target))
  return 2 * words.filter((word) => targets.has(word)).length > words.length
}

/** Picked values lead, also where no board has them any more, so that they can be taken off again. */
function withPicked(chips: readonly Chip[], picked: readonly string[]): readonly Chip[] {
  const countOf = new Map(chips.map(({ value, count }) => [value, count]))
  return [
    ...picked.map((value) => ({ value, count: countOf.get(value) ?? 0 })),
    ...chips.filter(({ value }) => value !== '' && !picked.includes(value)),
  ]
}

/** The choice with one chip put on or taken off. */
export function toggleChip(chips: ChipChoice, field: ChipField, value: string): ChipChoice {
  const picked = chips[field]
  return {
    ...chips,
    [field]: picked.includes(value)
      ? picked.filter((other) => other !== value)
      : [...picked, value],
  }
}

/** Limits the choice to a list of boards, or takes that very limit away. */
export function toggleWithin(
  within: BoardWishes['within'],
  name: string,
  targets: readonly string[],
): BoardWishes['within'] {
  return within?.name === name ? null : { name, targets: new Set(targets) }
}

/** True where something narrows the list down. */
export function isNarrowed({ terms, exclude, chips, within }: BoardWishes): boolean {
  return (
    terms.trim() !== '' ||
    exclude.trim() !== '' ||
    within !== null ||
    chipFields.some((field) => chips[field].length > 0)
  )
}

/** Ticks all, none or the other ones of what is shown; ticks of boards out of sight stay as they are. */
export function retick(
  shown: readonly Board[],
  unticked: ReadonlySet<string>,
  how: 'all' | 'none' | 'invert',
): ReadonlySet<string> {
  const next = new Set(unticked)
  for (const { target } of shown) {
    const off = how === 'none' || (how === 'invert' && !unticked.has(target))
    if (off) next.add(target)
    else next.delete(target)
  }
  return next
}

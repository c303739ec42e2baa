/** What an entry of the option table says. Every field is asked for, so that none is forgotten. */

/** How a build option is set in the terminal. */
export type OptionFlag = {
  readonly long: string
  readonly short?: string
  /** Name of the value in the help. Switches have none. */
  readonly value?: string
  readonly group: 'What to build' | 'Where to build' | 'How to build'
  /** The line of `--help`. */
  readonly help: string
}

/** The headings of the settings dialog, in its order. */
export const optionSections = [
  'What is built again',
  'The compiler',
  'The configuration',
  'Results',
  'Speed and limits',
] as const

type CommonFields = {
  /** Null where only the window sets it. */
  readonly flag: OptionFlag | null
  /** Its name in the worker protocol's settings; null for what the boss does by itself. */
  readonly wire: string | null
  /** Whether it can change a result, so that one that was built with another value is built again. */
  readonly shapesResults: boolean
  /**
   * What buildman's own worker makes of it. `ignored`: it would build something else in silence, so
   * such a run is refused. `harmless`: it does not know it, and the results are the same.
   */
  readonly buildmanWorker: 'known' | 'ignored' | 'harmless'
  readonly section: (typeof optionSections)[number]
  readonly label: string
  readonly explanation: string
}

/** On or off; its flag says the opposite of the default. */
export type SwitchOption = CommonFields & {
  readonly kind: 'switch'
  readonly default: boolean
  /** The dialog asks the opposite, where that is the plainer question. */
  readonly shownInverted: boolean
}

/** A number from 0 to `max`. */
export type NumberOption = CommonFields & {
  readonly kind: 'number'
  readonly default: number
  readonly max: number
  readonly whole: boolean
  /** What 0 means. */
  readonly zero: string
}

export type TextOption = CommonFields & {
  readonly kind: 'text'
  readonly default: string
  /** It goes to make by itself: see `isMakeGoal`. */
  readonly isGoal: boolean
  readonly maxLength: number
  readonly placeholder: string
}

/** Words; its flag takes them with commas between, and may be repeated. */
export type ListOption = CommonFields & {
  readonly kind: 'list'
  readonly default: readonly string[]
  /** Each word goes to make by itself: see `isMakeGoal`. */
  readonly isGoal: boolean
  readonly maxItems: number
  readonly maxLength: number
  readonly placeholder: string
}

export type BuildOption = SwitchOption | NumberOption | TextOption | ListOption

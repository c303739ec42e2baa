import type { BuildOption } from './build-option.ts'
import { type OptionKey, optionList, type optionTable } from './option-table.ts'

type ValueOfKind = {
  readonly switch: boolean
  readonly number: number
  readonly text: string
  readonly list: readonly string[]
}
export type OptionValue = ValueOfKind[BuildOption['kind']]

/** The value of each build option: how the boards of a run are built. */
export type BuildSettings = {
  readonly [K in OptionKey]: ValueOfKind[(typeof optionTable)[K]['kind']]
}

/** Settings made option by option; `choose` gives a value of the option's kind. */
export function makeBuildSettings(
  choose: (option: BuildOption, key: OptionKey) => OptionValue,
): BuildSettings {
  return Object.fromEntries(
    optionList.map(([key, option]) => [key, choose(option, key)]),
  ) as BuildSettings
}

export const defaultBuildSettings = makeBuildSettings((option) => option.default)

/** Whether an option is set to something else than its default. */
export function isChanged(settings: BuildSettings, key: OptionKey, from = defaultBuildSettings) {
  return JSON.stringify(settings[key]) !== JSON.stringify(from[key])
}

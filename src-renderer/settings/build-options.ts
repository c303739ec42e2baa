import {
  type BuildOption,
  optionSections,
  type SwitchOption,
} from '../../src-core/build-options/build-option.ts'
import { type BuildSettings, isChanged } from '../../src-core/build-options/build-settings.ts'
import { type OptionKey, optionList } from '../../src-core/build-options/option-table.ts'

/** The build options below each heading of the dialog. */
export const shownOptions = optionSections.map((section) => ({
  section,
  options: optionList.filter(([, option]) => option.section === section),
}))

/** What sets an option in the terminal, as the dialog shows it; empty where nothing does. */
export function flagText(option: BuildOption): string {
  const { flag } = option
  if (flag === null) return ''
  const text = flag.short ? `-${flag.short}` : `--${flag.long}`
  return option.kind === 'switch' && isShownOn(option, option.default) ? `off: ${text}` : text
}

/** Whether the dialog's switch is on for a value. */
export function isShownOn({ shownInverted }: SwitchOption, value: boolean): boolean {
  return value !== shownInverted
}

/** The words of a list as typed; white space parts them, except inside double quotes. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
}

/** Says what is wrong with a typed number; empty for a good one. Nothing stands for 0. */
export function numberProblem(text: string, max: number): string {
  if (!/^\d{0,9}$/.test(text.trim())) return 'A whole number, or nothing.'
  return Number(text.trim()) > max ? `At most ${max}.` : ''
}

/** How many settings differ from those that a new run would have. */
export function differences(build: BuildSettings, defaults: BuildSettings): number {
  return optionList.filter(([key]: readonly [OptionKey, BuildOption]) =>
    isChanged(build, key, defaults),
  ).length
}

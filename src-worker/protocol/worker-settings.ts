import * as z from 'zod/mini'
import type {
  ListOption,
  NumberOption,
  SwitchOption,
  TextOption,
} from '../../src-core/build-options/build-option.ts'
import { isMakeGoal } from '../../src-core/build-options/make-goal.ts'
import {
  type OptionKey,
  optionList,
  type optionTable,
} from '../../src-core/build-options/option-table.ts'

/** How each kind of option is checked. What is left out has its default. */
const schemaOfKind = {
  switch: (option: SwitchOption) => z._default(z.boolean(), option.default),
  number: ({ default: value, max, whole }: NumberOption) =>
    z._default((whole ? z.int() : z.number()).check(z.gte(0), z.lte(max)), value),
  text: ({ default: value, maxLength, isGoal }: TextOption) => {
    const isFit = (word: string) => !isGoal || word === '' || isMakeGoal(word)
    return z._default(z.string().check(z.maxLength(maxLength), z.refine(isFit)), value)
  },
  list: ({ default: value, maxItems, maxLength, isGoal }: ListOption) => {
    const isFit = (word: string) => !isGoal || isMakeGoal(word)
    const word = z.string().check(z.maxLength(maxLength), z.refine(isFit))
    return z._default(z.array(word).check(z.maxLength(maxItems)), [...value])
  },
}

type Table = typeof optionTable
type OptionsShape = {
  [K in OptionKey as Table[K]['wire'] & string]: ReturnType<(typeof schemaOfKind)[Table[K]['kind']]>
}

const optionsShape = Object.fromEntries(
  optionList.flatMap(([, option]) => (option.wire ? [[option.wire, schemaOf(option)]] : [])),
) as OptionsShape

function schemaOf(option: (typeof optionList)[number][1]) {
  switch (option.kind) {
    case 'switch':
      return schemaOfKind.switch(option)
    case 'number':
      return schemaOfKind.number(option)
    case 'text':
      return schemaOfKind.text(option)
    case 'list':
      return schemaOfKind.list(option)
  }
}

/** Everything that shapes a build: the build options, and what no person sets. */
export const settingsSchema = z.object({
  ...optionsShape,
  /** Put before `CROSS_COMPILE`, e.g. `ccache`; turns our own use of ccache off. */
  toolchain_wrapper: z._default(z.string(), ''),
  /** The boss has a compiler cache for all machines of the run, and is near enough to be asked. */
  shared_cache: z._default(z.boolean(), false),
  /** Address of another cache that a person has for all machines: see `CCACHE_REMOTE_STORAGE`. */
  remote_cache: z._default(z.string().check(z.maxLength(1000)), ''),
  /** A folder of this machine that all of a build folder is copied to, for `-w`; empty for none. */
  output_copy: z._default(z.string().check(z.maxLength(4096)), ''),
  /** A commit that can't change a build is not built: its result is the one of the commit before. */
  skip_unaffected: z._default(z.boolean(), false),
  /** Send symbol sizes, section headers and configuration of every build, not of failed ones only. */
  send_files: z._default(z.boolean(), true),
})
/** As the worker uses it: nothing missing. */
export type WorkerSettings = z.output<typeof settingsSchema>
/** As the boss sends it: what is left out has its default. */
export type WorkerSettingsInput = z.input<typeof settingsSchema>

export const defaultWorkerSettings: WorkerSettings = settingsSchema.parse({})

/**
 * What settings come to: compiled lines are read from all objects of a build folder, so there may be
 * none of another build in it, and none that only the linker compiles.
 */
export function effectiveSettings(settings: WorkerSettings): WorkerSettings {
  if (!settings.lines) return settings
  return { ...settings, mrproper: true, force_reconfig: true, no_lto: true }
}

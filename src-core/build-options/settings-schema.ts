import { z } from 'zod'
import type { BuildOption } from './build-option.ts'
import type { BuildSettings } from './build-settings.ts'
import { isMakeGoal } from './make-goal.ts'
import { optionList } from './option-table.ts'

/**
 * Build settings as the window sends them and as its settings file and run logs hold them. What is
 * missing has its default, since files that are older than an option know nothing of it.
 */
export const buildSettings = z.strictObject(shape()) as unknown as z.ZodType<BuildSettings>

/** The same from a later version, too: options that this one does not know are left out. */
export const loggedSettings = z.object(shape()) as unknown as z.ZodType<BuildSettings>

function shape(): z.ZodRawShape {
  return Object.fromEntries(
    optionList.map(([key, option]) => [key, schemaOf(option).default(option.default)]),
  )
}

function schemaOf(option: BuildOption): z.ZodType {
  switch (option.kind) {
    case 'switch':
      return z.boolean()
    case 'number': {
      const bounded = z.number().min(0).max(option.max)
      return option.whole ? bounded.int() : bounded
    }
    case 'text': {
      const text = z.string().max(option.maxLength)
      return option.isGoal ? text.refine((word) => word === '' || isMakeGoal(word)) : text
    }
    case 'list': {
      const word = z.string().min(1).max(option.maxLength)
      return z.array(option.isGoal ? word.refine(isMakeGoal) : word).max(option.maxItems)
    }
  }
}

import { dirname, join } from 'node:path'
import { type Board, LOCAL } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { candidates } from '../../machines/toolchains/choose-toolchain.ts'
import type { Context } from '../context.ts'
import { sayLines } from '../text/output.ts'

/**
 * `-A` and `--print-arch`: what scripts need to compile for the boards by hand. Several different
 * values are refused, since one line can't hold them.
 */
export function printToolchain(boards: readonly Board[], context: Context): Result<number> {
  const archs = [...new Set(boards.map(({ arch }) => arch))].sort()
  const { on } = context.flags
  const printed: string[][] = []
  if (on.has('print-prefix')) {
    const prefixes = archs.map((arch) => prefixFor(arch, context))
    const failed = prefixes.find((one) => !one.ok)
    if (failed && !failed.ok) return failed
    printed.push(prefixes.flatMap((one) => (one.ok ? [one.value] : [])))
  }
  if (on.has('print-arch')) printed.push(archs)
  for (const values of printed) {
    const different = [...new Set(values)]
    if (different.length > 1) {
      return fail(
        `these boards have more than one: ${different.join(', ')}`,
        'name boards of one architecture',
      )
    }
    sayLines(context.output, different)
  }
  return ok(0)
}

/** CROSS_COMPILE with its folder, and with the wrapper of `[toolchain-wrapper]`. */
function prefixFor(arch: string, { boss: { fleet } }: Context): Result<string> {
  const { toolchainAliases, toolchainWrapper } = fleet.config()
  const [best] = candidates(arch, fleet.compilersOf(LOCAL), toolchainAliases)
  if (best === undefined) {
    return fail(
      `there is no toolchain for ${arch} on this computer`,
      `--fetch-arch ${arch} gets one`,
    )
  }
  const prefix = join(dirname(best.gcc), best.prefix || '/')
  return ok(toolchainWrapper === '' ? prefix : `${toolchainWrapper} ${prefix}`)
}

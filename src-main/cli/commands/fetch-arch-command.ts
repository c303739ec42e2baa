import { LOCAL, type MachineFacts } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { fetchableArchs } from '../../machines/toolchains/fetch-toolchain.ts'
import { lastValue, listOf } from '../arguments/flags.ts'
import type { Context } from '../context.ts'
import { sayLines, sayProblem } from '../text/output.ts'
import { fetchOne } from './machines-command.ts'

/** `--fetch-arch`: brings toolchains to this computer; status 1 if one of them did not come. */
export async function fetchArchCommand(context: Context): Promise<Result<number>> {
  const { boss, flags, output, signal } = context
  await boss.fleet.probe([LOCAL], signal)
  const facts = boss.fleet.statuses().find(({ config }) => config.name === LOCAL)?.facts
  if (!facts) return fail('this computer could not be asked what it is')
  const asked = listOf(flags, 'fetch-arch')
  const wantsAll = asked.includes('all')
  if (!wantsAll && !asked.includes('list')) return fetchAll(asked, facts, context)
  const server = lastValue(flags, 'toolchain-server')
  const found = await fetchableArchs({
    machineArch: facts.arch,
    signal,
    ...(server !== undefined && { server }),
  })
  if (!found.ok) return found
  if (wantsAll) return fetchAll(found.value, facts, context)
  sayLines(output, [`Toolchains for ${facts.arch}: ${found.value.join(' ')}`])
  return ok(0)
}

/** One after the other, so that a slow line carries one download at a time. */
async function fetchAll(
  archs: readonly string[],
  facts: MachineFacts,
  context: Context,
): Promise<Result<number>> {
  const { boss, output, signal } = context
  const transport = await boss.fleet.connect(LOCAL, signal)
  let failures = 0
  for (const arch of archs) {
    const fetched = await fetchOne(transport, arch, facts, context)
    if (fetched.ok) sayLines(output, [`${arch}: ${fetched.value}`])
    else {
      failures += 1
      sayProblem(output, fetched.problem)
    }
  }
  return ok(failures > 0 ? 1 : 0)
}

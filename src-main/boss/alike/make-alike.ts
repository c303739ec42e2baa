/** How to build on two machines once more with one thing alike that is not. */
import type { BuildTools } from '../../../src-core/alike/build-tools.ts'
import type { Cause } from '../../../src-core/alike/likely-causes.ts'
import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { Fleet } from '../../machines/fleet.ts'
import {
  candidates,
  chooseToolchains,
  type ToolchainChoice,
} from '../../machines/toolchains/choose-toolchain.ts'
import type { FoundCompiler } from '../../machines/toolchains/compilers.ts'
import type { MachineChange } from './build-on-machine.ts'

/** What is changed on each of the two, and what that is in words. */
export type AlikeWay = {
  readonly changes: readonly [MachineChange, MachineChange]
  readonly text: string
}

export type AlikeQuestion = {
  readonly cause: Cause
  readonly arch: string
  readonly settings: BuildSettings
  readonly machines: readonly [string, string]
  readonly tools: readonly [BuildTools, BuildTools]
}

/** What is known of compilers. */
export type CompilersOfFleet = Pick<Fleet, 'compilersOf' | 'config' | 'toolchainsOf'>

/** Ways to do it, the best first; empty where it can't be done from here. */
export function waysToMakeAlike(
  fleet: CompilersOfFleet,
  question: AlikeQuestion,
): readonly AlikeWay[] {
  switch (question.cause.remedy) {
    case 'compiler':
      return withOneCompiler(fleet, question)
    case 'folder':
      return withOneFolder(question)
    case 'variable':
      return withOneValue(question)
    case 'dtc':
      return [
        {
          changes: [{ settings: { dtcSkip: false } }, { settings: { dtcSkip: false } }],
          text: 'with the dtc of the tree on both',
        },
      ]
    case null:
      return []
  }
}

/** What a run would choose there; where that is nothing, since others have another one, its own best. */
export function ownCompilers(fleet: CompilersOfFleet, machine: string): ToolchainChoice {
  const own = chooseToolchains({
    compilers: fleet.compilersOf(machine),
    references: new Map(),
    aliases: fleet.config().toolchainAliases,
    allowDifferent: true,
  })
  return { archs: new Map([...own.archs, ...fleet.toolchainsOf(machine).archs]), leftOut: [] }
}

/** More pairs of compilers are not tried. */
const mostCompilers = 2

function withOneCompiler(
  fleet: CompilersOfFleet,
  { arch, machines, tools }: AlikeQuestion,
): AlikeWay[] {
  const [one, other] = machines
  const { toolchainAliases } = fleet.config()
  const ofOther = candidates(arch, fleet.compilersOf(other), toolchainAliases)
  const used = tools.map((its) => its.tools.find(({ name }) => name === 'compiler')?.path)
  const pairs = candidates(arch, fleet.compilersOf(one), toolchainAliases).flatMap((here) => {
    const same = ofOther.filter((there) => isSame(here, there))
    const there = same.find(({ gcc }) => gcc === here.gcc) ?? same[0]
    const isTried = here.gcc === used[0] && there?.gcc === used[1]
    return there && !isTried ? [{ here, there }] : []
  })
  return pairs.slice(0, mostCompilers).map(({ here, there }) => ({
    changes: [only(fleet, arch, here), only(fleet, arch, there)],
    text: `with gcc ${here.version} (${here.gcc}) on both`,
  }))
}

function isSame(one: FoundCompiler, other: FoundCompiler): boolean {
  return one.version !== '' && one.version === other.version && one.triple === other.triple
}

function only(fleet: CompilersOfFleet, arch: string, compiler: FoundCompiler): MachineChange {
  return {
    variant: {
      compilersOf: (machine) => {
        const { archs } = ownCompilers(fleet, machine)
        return { archs: new Map([...archs, [arch, compiler]]), leftOut: [] }
      },
    },
  }
}

/** What compilers write of the folder into debug information and messages is replaced by one name. */
function withOneFolder({ tools, settings }: AlikeQuestion): AlikeWay[] {
  if (tools.some(({ folder }) => /\s/.test(folder))) return []
  const more = settings.warningsAsErrors ? '-Werror ' : ''
  const change = ({ folder }: BuildTools): MachineChange => ({
    variant: { makeWords: [`KCFLAGS=${more}-ffile-prefix-map=${folder}=/build`] },
  })
  return [
    { changes: [change(tools[0]), change(tools[1])], text: 'with one name for both work folders' },
  ]
}

/** A word for make goes before the environment. */
function withOneValue({ cause, tools }: AlikeQuestion): AlikeWay[] {
  const name = cause.trait.replace(/^variable /, '')
  const value = tools[0].environment.get(name) ?? ''
  const change: MachineChange = { variant: { makeWords: [`${name}=${value}`] } }
  return [{ changes: [change, change], text: `with ${name}="${value}" on both` }]
}

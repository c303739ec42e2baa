import { optionList } from '../../../src-core/build-options/option-table.ts'
import { type FlagEntry, flagTable, groups } from './flag-table.ts'

/** What it is and how it is called; the first paragraph is one sentence. */
export const introduction = `Slipway builds U-Boot boards, here and on other machines at once.

usage: slipway [FLAGS] [TERM ...]

A TERM is a regular expression matched from the start against each board's name,
architecture, CPU, board, vendor, SoC and config. Several terms mean "or", & between
two means "and". Without a term every board is built.

  slipway sandbox                      the current source, on this computer
  slipway --dist 'arm & sunxi'         shared out over the machines of ~/.buildman
  slipway --dist -b topic -o /tmp/out  every commit of a branch against its upstream
  slipway -b topic -o /tmp/out -se     what each of those commits broke and fixed
  slipway --mach                       which machines there are, what they can build
  slipway --kill-workers               end what an earlier run left behind
`

export const exitStatus = `0 all is well, 100 a board failed or was not built, 101 there were
warnings (0 with -W), 102 results, reports or what it says could not be written, 2 the
command line can't be read or a check of the tree found something, 1 anything else,
interruption included.`

const endnote = `Exit status: ${exitStatus}

Ctrl-C ends the workers everywhere, then says how far it came; the next run of the same
commits goes on from there. A second Ctrl-C leaves at once, and workers end by themselves.

~/.buildman names machines and toolchains:

  [machines]
  moa = moa                            the host as ssh knows it
  ruru = build@10.0.0.7
  [machine:ruru]
  max_boards = 16                      boards at once; leave it out for one a core
  [toolchain]
  mine = ~/compilers/*                 folders with compilers, here and in the same place there

~/.ssh/config says how machines are reached (SLIPWAY_SSH_CONFIG names another file). Results
lie below -o as buildman leaves them: each can go on from, and sum up, what the other built.
`

/** The text of \`--help\`, at most 80 columns wide where the flags allow it. */
export function helpText(): string {
  return [introduction, ...flagGroups().map(groupText), endnote].join('\n')
}

/** The text of `--full-help`: the same, and every build option in whole sentences. */
export function fullHelpText(): string {
  const explained = optionList.flatMap(([, { flag, explanation }]) =>
    flag === null ? [] : [`  --${flag.long}\n${wrapped(explanation)}`],
  )
  return `${helpText()}\nBuild options\n${explained.join('\n')}\n`
}

/** Lines of at most 80 columns, set in by six. */
function wrapped(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < 80)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`      ${word}`)
  }
  return lines.join('\n')
}

export type FlagGroup = {
  readonly group: string
  /** As `-s, --long VALUE`. */
  readonly flags: readonly { readonly spelling: string; readonly help: string }[]
}

/** All flags by their headings, in the order of the help. */
export function flagGroups(): readonly FlagGroup[] {
  return groups.map((group) => ({
    group,
    flags: Object.entries(flagTable)
      .filter(([, flag]) => flag.group === group)
      .map(([name, flag]) => ({ spelling: spellingOf(name, flag), help: flag.help })),
  }))
}

function groupText({ group, flags }: FlagGroup): string {
  const lines = flags.map(({ spelling, help }) => {
    const column = spelling.startsWith('--') ? `    ${spelling}` : spelling
    return `  ${column.padEnd(37)}${help}`
  })
  return `${group}\n${lines.join('\n')}\n`
}

function spellingOf(name: string, { short, also = [], value }: FlagEntry): string {
  const names = [name, ...also].map((long) => `--${long}`).join(', ')
  return `${short ? `-${short}, ` : ''}${names}${value ? ` ${value}` : ''}`
}

import { exitStatus, flagGroups, introduction } from '../../../src-main/cli/arguments/help.ts'

/** The manual page slipway(1), as troff with the `man` macros (man(7)). */
export function manPage(version: string): string {
  const [summary = '', , ...description] = introduction.split('\n')
  return [
    `.TH SLIPWAY 1 "" "slipway ${version}" "User Commands"`,
    '.SH NAME',
    'slipway \\- build U\\-Boot boards on many machines at once',
    '.SH SYNOPSIS',
    '.B slipway',
    '.RI [ FLAGS "] [" TERM " ...]"',
    '.br',
    '.B slipway window',
    '.SH DESCRIPTION',
    troff(summary),
    'Without a word on a display, or with',
    '.BR window ,',
    'it opens its window; else it builds in the terminal.',
    '.PP',
    '.nf',
    ...description.filter((line) => !line.startsWith('usage:')).map(troff),
    '.fi',
    '.SH OPTIONS',
    ...flagGroups().flatMap(({ group, flags }) => [
      `.SS ${troff(group)}`,
      ...flags.flatMap(({ spelling, help }) => ['.TP', `.B ${troff(spelling)}`, troff(help)]),
    ]),
    '.SH EXIT STATUS',
    troff(exitStatus.replaceAll('\n', ' ')),
    '.SH FILES',
    '.TP',
    '.I ~/.buildman',
    "machines, compilers and words for make, in buildman's format",
    '.TP',
    '.I ~/.ssh/config',
    'how machines are reached',
    '.SH SEE ALSO',
    '.BR ssh_config (5),',
    '.BR ccache (1)',
    '',
  ].join('\n')
}

/** A line of text that troff shows as it is: its escapes, and what it takes for a request, undone. */
function troff(line: string): string {
  const plain = line.replaceAll('\\', '\\e').replaceAll('-', '\\-')
  return /^[.']/.test(plain) ? `\\&${plain}` : plain
}

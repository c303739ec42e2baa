import { absentFlags, flagTable, groups } from '../../src-main/cli/arguments/flag-table.ts'

const introduction = `# For those who come from buildman

<!-- Made by npm run docs. Change scripts/docs/buildman-page.ts or the flag table instead. -->

\`slipway\` takes buildman's command lines: flags in any order and in clusters (\`-seP\`), long names cut short (\`--board\`), and buildman's exit status. \`npm run build\` makes one program, and a symbolic link named \`buildman\` to it is the same command:

\`\`\`
ln -s "$PWD/out/cli/slipway.mjs" ~/.local/bin/buildman
\`\`\`

Results lie in the same folders, each of the two goes on from and sums up what the other built, and both read the same \`~/.buildman\` (docs/settings.md).

## What is better

- A failed or lost machine costs no board: its boards are built elsewhere, and the exit status counts all of them.
- The current source is built on machines as it is on disk, uncommitted changes included, and \`-k\` brings images home from them.
- A result that was built with other options or another compiler is not taken for done.
- The cores of a machine are shared by all its makes, so that the last board gets them all.
- A board that hangs is stopped, and a worker whose boss is gone ends by itself.

## What differs on purpose

- Builds go on in folders of Slipway's own (\`~/.cache/slipway\`), never in the source tree or below \`-o\`; each board keeps one as long as there is room. With \`-w\` the build folder is copied to \`-o\` when its build is over, with \`-w -i\` into the tree.
- The last line is followed by one with the counts of ok, warnings, failed and not built. \`reconfig\` counts the builds that were configured anew since Kconfig files changed; it is left out where there was none.
- \`-s\` ends with the number of boards that were not built, and then never says that there are no errors.
- A board that was not built is no change of any kind in a summary; buildman calls its errors fixed.
- \`[toolchain-prefix]\` with a program that make would not run (it adds \`gcc\` to the prefix) is refused.
- \`-A\` for boards of more than one compiler says which there are, with status 1.
- \`-w\` takes no \`-b\`; buildman takes a series of one commit.
- A name that was cut short means one of buildman's flags before one of Slipway's own.
- \`-T0\` builds one board after the other, in a worker as always.

## What it prints

A test (\`e2e/real/buildman.real.test.ts\`) builds a series with the buildman of v2023.01 and with Slipway called by that name, and lets each sum up what the other built. Exit status, result folders, what is in \`done\`, \`err\`, \`sizes\`, \`toolchain\`, \`log\`, \`*.sizes\`, \`*.objdump\` and configurations, and the text of \`-s\`, \`-su\`, \`-sSd\`, \`-sU\`, \`--list-tool-chains\` and the totals and board names of \`-n\` are the same. Another (\`e2e/real/buildman-boards.real.test.ts\`) has both build a board of U-Boot v2023.01 itself; with \`SLIPWAY_BUILDMAN_BOARDS=all\` they are boards of four architectures, at two commits, in v2023.01 and v2025.01 by the buildman of each. By hand, the versions v2025.01 and v2026.10-rc2 built the same series and read what Slipway had built: as v2023.01, but for the environment, which v2025.01 does not keep and v2026.10-rc2 does not always bring up to date. What is not the same:

| where | here | why |
| --- | --- | --- |
| \`-n\` | \`Would build ...\`, \`Output folder: ...\`, a line a machine, firmware that boards need | it says where boards would be built, too, and what they lack |
| \`-n --boards A,B\` | \`all : N boards\` | as newer versions of buildman |
| \`-b\` of a branch without commits of its own | its upstream's newest commit is built | a script that builds whatever a branch has goes on where it has nothing yet; buildman ends with status 1 |
| \`-n\`, boards nobody keeps | they are listed, before the others | as newer versions |
| a build | what it will do and its progress on stderr, a line a build where that is no terminal | stdout is for what a script reads |
| a build that warned | it is not built again | the second time there is nothing to compile, so that v2023.01 loses the warning |
| the last line | the rate counts what was built now; no stray bracket | so that it says how fast the run was |
| result folders | \`out-cmd\`, \`uboot.env\`, \`host\` | as newer versions; \`slipway.json\` and \`inputs\` are Slipway's own |
| \`out-cmd\` | \`NPROC=N\` | as newer versions than v2025.01 |
| \`autoconf.mk\` that is empty, as in v2025.01 | not kept | there is nothing in it |
| \`sizes\` | no line break at its end | who reads it takes lines |
| \`err\` with \`-P\` | sources as \`../file.c\`, as without \`-P\` | v2023.01 says \`file.c\` then; -P changes nothing here |
| \`err\` of a make with several jobs | other order | it is that of the jobs |
| \`*.objdump\` | other sizes and places of debug information | it holds the names of folders |
| \`-s\` of the current source | the title \`01: Current source\` | one form for both |
| \`-s\`, a warning that an incremental build lost | it stays | buildman calls it fixed, and new when the file is compiled next |
| \`-se\` | one line an error, without the source, its function, and what make and the linker say about it | they say nothing else |
| \`-se\`, what a linker warns of | a warning (\`w+\`) in one line for all architectures, without its notes | buildman takes it for an error of each linker |
| \`-sSd\`, a board that had failed | compared with when it had sizes last | or its growth would show nowhere |
| \`-sSdB\` | read-only data of one file is counted | as newer versions |
| \`-sK\` | values that changed (\`c\`), no space at the ends of lines | buildman looks for them in the wrong place and never shows any |
| \`-sU\`, a board that failed | no line | it has no environment, which is no change of it |
| \`--maintainer-check\` | one line a board, in other words | |

## Flags

`

/** The text of docs/buildman.md. */
export function buildmanPage(): string {
  return [introduction, ...groups.map(groupTable), absentTable()].join('')
}

function groupTable(group: (typeof groups)[number]): string {
  const rows = Object.entries(flagTable)
    .filter(([, flag]) => flag.group === group)
    .map(([name, { short, also = [], value, help }]) => {
      const names = [...(short ? [`-${short}`] : []), ...[name, ...also].map((one) => `--${one}`)]
      const spelled = names.map((one) => `\`${one}\``).join(', ')
      return `| ${spelled}${value ? ` ${value}` : ''} | ${help} |\n`
    })
  return `### ${group}\n\n| flag | what it does |\n| --- | --- |\n${rows.join('')}\n`
}

function absentTable(): string {
  const rows = absentFlags.map(
    ([name, short, instead]) => `| ${short ? `\`-${short}\`, ` : ''}\`--${name}\` | ${instead} |\n`,
  )
  return `### Not here\n\nThese are refused with a hint, with status 2.\n\n| flag | instead |\n| --- | --- |\n${rows.join('')}`
}

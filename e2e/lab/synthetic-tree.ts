import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type SyntheticTree = {
  readonly boards: number
  /** A board's build sleeps so long, milliseconds. */
  readonly buildMs: number
  /** Default: sandbox. */
  readonly arch?: string
  /** Commits of the branch `main` after its first; each changes what a build says. Default: 0. */
  readonly series?: number
  /** Boards by number, from 0, that end otherwise. */
  readonly failing?: readonly number[]
  readonly warning?: readonly number[]
  readonly hanging?: readonly number[]
}

export function syntheticBoard(index: number): string {
  return `tiny${String(index).padStart(4, '0')}`
}

/**
 * Makes a git tree shaped like U-Boot whose boards take next to
 * no time to build, so that what a build tool adds to `make` can be seen.
 */
export async function makeSyntheticTree(dir: string, tree: SyntheticTree): Promise<void> {
  const names = Array.from({ length: tree.boards }, (_, index) => syntheticBoard(index))
  await Promise.all(
    ['configs', 'scripts'].map((name) => mkdir(join(dir, name), { recursive: true })),
  )
  await writeFile(join(dir, 'Makefile'), makefile)
  await writeFile(join(dir, 'Kconfig'), kconfig(names, tree.arch ?? 'sandbox'))
  await writeFile(join(dir, 'point'), '0\n')
  await writeFile(join(dir, 'scripts', 'build.sh'), buildScript(tree))
  await writeFile(join(dir, 'scripts', 'show-gnu-make'), '#!/bin/sh\necho make\n', { mode: 0o755 })
  await writeFile(
    join(dir, 'MAINTAINERS'),
    'TINY BOARDS\nM:\tNobody <nobody@example.com>\nS:\tMaintained\nF:\tconfigs/tiny*_defconfig\n',
  )
  for (const name of names) {
    await writeFile(
      join(dir, 'configs', `${name}_defconfig`),
      `CONFIG_TARGET_${name.toUpperCase()}=y\n`,
    )
  }
  const git = (...args: string[]) => run('git', ['-C', dir, ...args])
  await git('init', '-q', '-b', 'main')
  await git('config', 'user.name', 'Lab')
  await git('config', 'user.email', 'lab@example.com')
  await git('add', '-A')
  await git('commit', '-qm', `${tree.boards} tiny boards`)
  for (let point = 1; point <= (tree.series ?? 0); point += 1) {
    await writeFile(join(dir, 'point'), `${point}\n`)
    await git('commit', '-qam', `point ${point}`)
  }
}

const makefile = `VERSION = 2099
PATCHLEVEL = 01
O ?= .
.PHONY: all cfg mrproper
all:
\t@sh scripts/build.sh $(O)
cfg:
\t@cp $(O)/.config $(O)/u-boot.cfg
mrproper:
\t@rm -rf $(O)/.config $(O)/u-boot* $(O)/include
%_defconfig:
\t@mkdir -p $(O)/include/generated && cp configs/$@ $(O)/.config && echo '# board $*' >> $(O)/.config
`

function buildScript({ buildMs, failing = [], warning = [], hanging = [] }: SyntheticTree): string {
  const list = (boards: readonly number[]) => boards.map(syntheticBoard).join('|') || 'none'
  return `set -e
O=$1
while read -r hash word name; do
  [ "$word" = board ] && board=$name
done < "$O/.config"
case $board in ${list(hanging)}) while :; do sleep 3600; done ;; esac
sleep ${(buildMs / 1000).toFixed(3)}
case $board in
${list(failing)}) echo "board/$board.c:7:1: error: this board always fails" >&2; exit 1 ;;
${list(warning)}) echo "board/$board.c:7:1: warning: this board always warns" >&2 ;;
esac
cp /bin/true "$O/u-boot"
for file in u-boot.bin u-boot.map u-boot.cfg include/autoconf.mk include/generated/autoconf.h; do
  echo "$board" > "$O/$file"
done
# On stderr it would be a warning; on stdout it shows with V=1 and in the log.
echo "built $board at point $(cat point)"
`
}

function kconfig(names: readonly string[], arch: string): string {
  const perBoard = names.map((name) => `\tdefault "${name}" if TARGET_${name.toUpperCase()}\n`)
  const fixed = ['CPU', 'SOC', 'VENDOR'].map((s) => `config SYS_${s}\n\tstring\n\tdefault "tiny"\n`)
  const chosen = ['BOARD', 'CONFIG_NAME'].map(
    (s) => `config SYS_${s}\n\tstring\n${perBoard.join('')}`,
  )
  const targets = names.map((name) => `config TARGET_${name.toUpperCase()}\n\tbool "${name}"\n`)
  return [
    `mainmenu "Tiny boards"\nconfig SYS_ARCH\n\tstring\n\tdefault "${arch}"\n`,
    ...fixed,
    ...chosen,
    'choice\n\tprompt "Target"\n',
    ...targets,
    'endchoice\n',
  ].join('')
}

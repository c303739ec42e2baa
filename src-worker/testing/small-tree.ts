/**
 * A tree of U-Boot's shape that builds in an instant, in a bare repository as a boss would fill it. What a
 * board does is said by its defconfig, so that a test can have any kind of build.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Shell lines of a board's default target; `$OUT` is the output folder. */
export type Boards = Readonly<Record<string, string>>

/** One commit: the boards that there are, and other files to write. */
export type TreeCommit = {
  readonly boards: Boards
  readonly files?: Readonly<Record<string, string>>
}

const makefile = `
O ?= .
MAKEFLAGS += --no-print-directory
all: ; @OUT=$(O) MAKE="$(MAKE)" sh -e $(O)/.recipe
%_defconfig: ; @sh scripts/configure $(O) $@ $(filter %.config,$(MAKECMDGOALS))
%.config: ; @:
savedefconfig: ; @cp $(O)/.config $(O)/defconfig
cfg: ; @echo cfg >$(O)/u-boot.cfg
mrproper: ; @rm -rf $(O)/.config $(O)/u-boot $(O)/include; echo cleaned
fancy: ; @echo fancy >$(O)/fancy.bin; echo fancy
.PHONY: all cfg mrproper savedefconfig fancy
`

const configure = `
out=$1 defconfig=$2; shift 2
echo "configuring $defconfig"
test -f "configs/$defconfig" || { echo "no configs/$defconfig" >&2; exit 1; }
mkdir -p "$out/include/generated"
sed -n 's/^#!//p' "configs/$defconfig" >"$out/.recipe"
{ grep -v '^#!' "configs/$defconfig" || :; for f; do cat "configs/$f"; done; } >"$out/.config"
echo "CONFIG_X=y" >"$out/include/autoconf.mk"
`

const mergeConfig = `
#!/bin/sh
# merge_config.sh -O OUT BASE FRAGMENT: asks for nothing that Kconfig does not know.
{ cat "$3"; grep -v CONFIG_NOSUCH "$4" || :; } >"$2/.config"
`.trimStart()

/** Makes `<workDir>/repo.git` with these commits in a row; gives their hashes, oldest first. */
export function makeSmallTree(workDir: string, commits: readonly TreeCommit[]): string[] {
  const tree = join(workDir, 'author')
  const bare = join(workDir, 'repo.git')
  mkdirSync(tree, { recursive: true })
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', tree, '-c', 'user.name=t', '-c', 'user.email=t@e', ...args], {
      encoding: 'utf8',
    }).trim()
  git('init', '--quiet', '--initial-branch=main')
  const hashes = commits.map(({ boards, files = {} }, i) => {
    rmSync(join(tree, 'configs'), { recursive: true, force: true })
    writeTree(tree, boards, files)
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', `commit ${i}`)
    return git('rev-parse', 'HEAD')
  })
  execFileSync('git', ['clone', '--quiet', '--bare', tree, bare])
  return hashes
}

function writeTree(tree: string, boards: Boards, files: Readonly<Record<string, string>>): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  write('Makefile', makefile)
  write('Kconfig', 'mainmenu "small"\n')
  write('scripts/configure', configure)
  write('scripts/show-gnu-make', '#!/bin/sh\necho make\n')
  write('scripts/kconfig/merge_config.sh', mergeConfig)
  chmodSync(join(tree, 'scripts/show-gnu-make'), 0o755)
  chmodSync(join(tree, 'scripts/kconfig/merge_config.sh'), 0o755)
  for (const [board, recipe] of Object.entries(boards)) {
    const lines = recipe.split('\n').map((line) => `#!${line}\n`)
    write(`configs/${board}_defconfig`, `CONFIG_BOARD="${board}"\n${lines.join('')}`)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
}

/** Small trees on disk, for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder that goes away with the test. Its name has a space and a letter beyond ASCII. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-tree-ü '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** A folder with these files in it. */
export function temporaryTree(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  writeFiles(folder, files)
  return folder
}

/** Three boards, one of each kind that needs care: plain, 64-bit ARM, 32-bit RISC-V. */
export const threeBoards: Readonly<Record<string, string>> = {
  Kconfig: 'mainmenu "U-Boot $(UBOOTVERSION)"\nsource "arch/Kconfig"\nsource "board/*/Kconfig"\n',
  Makefile: 'all:\n\t@echo built\n',
  'arch/Kconfig': `choice
	prompt "Architecture"
config ARM
	bool "ARM"
config RISCV
	bool "RISC-V"
endchoice
config SYS_ARCH
	default "arm" if ARM
	default "riscv" if RISCV
	string
config ARCH_RV32I
	bool "32 bit"
	depends on RISCV
config CPU_V8
	bool
config SYS_CPU
	string
	default "armv8" if CPU_V8
	default "armv7" if ARM
choice
	prompt "Target"
config TARGET_ONE
	bool "one"
	select CPU_V8
	depends on ARM
config TARGET_TWO
	bool "two"
endchoice
`,
  'board/one/Kconfig':
    'if TARGET_ONE\nconfig SYS_BOARD\n\tstring\n\tdefault "one"\nconfig SYS_VENDOR\n\tstring\n\tdefault "acme"\nendif\n',
  'board/two/Kconfig':
    'if TARGET_TWO\nconfig SYS_BOARD\n\tdefault "two"\nconfig SYS_CONFIG_NAME\n\tstring\n\tdefault "two_cfg"\nendif\n',
  'board/one/MAINTAINERS':
    'ONE\nM:\tAnn <ann@x>\nS:\tMaintained\nF:\tboard/one/\nF:\tconfigs/one_defconfig\n',
  'configs/one_defconfig': 'CONFIG_ARM=y\nCONFIG_TARGET_ONE=y\n',
  'configs/two_defconfig': 'CONFIG_ARM=y\nCONFIG_TARGET_TWO=y\n',
  'configs/sub/rv_defconfig': '#include "../two_defconfig"\nCONFIG_RISCV=y\nCONFIG_ARCH_RV32I=y\n',
  'configs/.hidden_defconfig': 'CONFIG_ARM=y\n',
}

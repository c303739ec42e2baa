import { expect, test } from 'vitest'
import { Evaluator } from './kconfig-evaluator.ts'
import type { KconfigFiles } from './kconfig-parser.ts'
import { parseKconfig } from './kconfig-parser.ts'

/** Files held in memory; a pattern with `*` matches within one folder. */
function inMemory(texts: Readonly<Record<string, string>>): KconfigFiles {
  return {
    read: (path) => texts[path] ?? null,
    match: (pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '[^/]*')}$`)
      return Object.keys(texts).filter((path) => expression.test(path))
    },
  }
}

const settings = { environment: { srctree: '.', BOARD_DIR: 'board' }, shell: () => 'y' }

/** Values of the given symbols under a configuration that is written as `.config` is. */
function valuesOf(
  kconfig: string | Readonly<Record<string, string>>,
  config: string,
  ...names: string[]
): string[] {
  const texts = typeof kconfig === 'string' ? { Kconfig: kconfig } : kconfig
  const evaluator = new Evaluator(parseKconfig(inMemory(texts), settings))
  const lines = config.split('\n').map((line) => line.trim())
  evaluator.load(
    lines
      .filter((line) => line !== '')
      .map((line) => {
        const [name = '', ...value] = line.split('=')
        return { name, value: value.join('=') }
      }),
  )
  return names.map((name) => evaluator.value(name))
}

test('takes the first default whose condition holds', () => {
  const kconfig = `
config ARM
	bool "ARM"
config ARM64
	bool "64 bit" if ARM
	depends on ARM
config SYS_CPU
	string
	default "armv8" if ARM64
	default "armv7" if ARM
	default "none"
`
  expect(valuesOf(kconfig, '', 'SYS_CPU', 'ARM64')).toEqual(['none', 'n'])
  expect(valuesOf(kconfig, 'ARM=y', 'SYS_CPU')).toEqual(['armv7'])
  expect(valuesOf(kconfig, 'ARM=y\nARM64=y', 'SYS_CPU')).toEqual(['armv8'])
  expect(valuesOf(kconfig, 'ARM64=y', 'SYS_CPU', 'ARM64')).toEqual(['none', 'n'])
})

test('takes defaults from every place that defines a symbol, in the order of the text', () => {
  const texts = {
    Kconfig: `
config ONE
	bool "one"
config TWO
	bool "two"
source "board/*/Kconfig"
`,
    'board/a/Kconfig': 'if ONE\nconfig SYS_BOARD\n\tdefault "a"\nendif\n',
    'board/b/Kconfig': 'if TWO\nconfig SYS_BOARD\n\tstring\n\tdefault "b"\nendif\n',
  }
  expect(valuesOf(texts, 'ONE=y\nTWO=y', 'SYS_BOARD')).toEqual(['a'])
  expect(valuesOf(texts, 'TWO=y', 'SYS_BOARD')).toEqual(['b'])
  expect(valuesOf(texts, '', 'SYS_BOARD')).toEqual([''])
})

test('ignores a value that the user cannot see', () => {
  const kconfig = `
config HIDDEN
	bool
config SEEN
	bool "seen" if GATE
	default y
config GATE
	bool "gate"
config TEXT
	string "text"
	depends on GATE
	default "fallback"
`
  expect(valuesOf(kconfig, 'HIDDEN=y\nSEEN=n', 'HIDDEN', 'SEEN')).toEqual(['n', 'y'])
  expect(valuesOf(kconfig, 'GATE=y\nSEEN=n', 'SEEN')).toEqual(['n'])
  expect(valuesOf(kconfig, 'TEXT="x"', 'TEXT')).toEqual([''])
  expect(valuesOf(kconfig, 'TEXT="x \\n "y""\nGATE=y', 'TEXT')).toEqual(['x \\n "y"'])
})

test('select wins over the user, imply only where the user is silent', () => {
  const kconfig = `
config SOC
	bool "soc"
	select CORE if !PLAIN
	imply EXTRA
config PLAIN
	bool "plain"
config CORE
	bool "core"
	depends on NEVER
config EXTRA
	bool "extra"
config NEVER
	bool
`
  expect(valuesOf(kconfig, 'SOC=y\nCORE=n', 'CORE', 'EXTRA')).toEqual(['y', 'y'])
  expect(valuesOf(kconfig, 'SOC=y\nEXTRA=n', 'EXTRA')).toEqual(['n'])
  expect(valuesOf(kconfig, 'SOC=y\nPLAIN=y', 'CORE')).toEqual(['n'])
})

test('a select counts only where the entry that says it is in force', () => {
  const kconfig = `
config A
	bool "a"
if B
config A
	select C
endif
config B
	bool "b"
config C
	bool
`
  expect(valuesOf(kconfig, 'A=y', 'C')).toEqual(['n'])
  expect(valuesOf(kconfig, 'A=y\nB=y', 'C')).toEqual(['y'])
})

const choice = `
choice
	prompt "target"
	default TARGET_B if PREFER_B
	default TARGET_A
config TARGET_A
	bool "a"
config TARGET_B
	bool "b"
config TARGET_C
	bool "c"
	depends on HAVE_C
endchoice
config PREFER_B
	bool "prefer b"
config HAVE_C
	bool "have c"
`

test('exactly one member of a choice is y', () => {
  const all = ['TARGET_A', 'TARGET_B', 'TARGET_C']
  expect(valuesOf(choice, '', ...all)).toEqual(['y', 'n', 'n'])
  expect(valuesOf(choice, 'PREFER_B=y', ...all)).toEqual(['n', 'y', 'n'])
  expect(valuesOf(choice, 'TARGET_A=y\nTARGET_B=y', ...all)).toEqual(['n', 'y', 'n'])
  expect(valuesOf(choice, 'TARGET_C=y', ...all)).toEqual(['y', 'n', 'n'])
  expect(valuesOf(choice, 'TARGET_C=y\nHAVE_C=y', ...all)).toEqual(['n', 'n', 'y'])
})

test('an optional choice may have no member', () => {
  const kconfig = choice.replace('prompt "target"', 'prompt "target"\n\toptional')
  expect(valuesOf(kconfig, '', 'TARGET_A', 'TARGET_B')).toEqual(['n', 'n'])
  expect(valuesOf(kconfig, 'TARGET_B=y', 'TARGET_A', 'TARGET_B')).toEqual(['n', 'y'])
})

test('an entry that depends on the member before it is no member of the choice', () => {
  const kconfig = `
choice
	prompt "console"
config UART
	bool "uart"
config UART_FAST
	bool "fast"
	depends on UART
config NET
	bool "net"
endchoice
`
  expect(valuesOf(kconfig, 'UART=y\nUART_FAST=y', 'UART', 'UART_FAST', 'NET')).toEqual([
    'y',
    'y',
    'n',
  ])
})

test('tristate symbols know m only where modules are on', () => {
  const kconfig = `
config MODULES
	bool "modules"
config DRIVER
	tristate "driver"
config BOOL
	bool "bool"
	depends on DRIVER
config HALF
	tristate
	default m
`
  expect(valuesOf(kconfig, 'DRIVER=m\nBOOL=y', 'DRIVER', 'BOOL', 'HALF')).toEqual(['y', 'y', 'y'])
  expect(valuesOf(kconfig, 'MODULES=y\nDRIVER=m\nBOOL=y', 'DRIVER', 'BOOL', 'HALF')).toEqual([
    'm',
    'y',
    'm',
  ])
})

test('compares numbers as numbers and texts as texts', () => {
  const kconfig = `
config SIZE
	hex "size"
	default 0x100
config COUNT
	int "count"
	range 1 8
	default 20
config NAME
	string "name"
config BIG
	def_bool SIZE >= 0x20
config MANY
	def_bool COUNT > 10
config RPI
	def_bool NAME = "rpi"
config BARE
	def_bool NAME = rpi
config NAMED
	def_bool NAME != ""
`
  const names = ['BIG', 'COUNT', 'MANY', 'RPI', 'BARE', 'NAMED']
  expect(valuesOf(kconfig, '', ...names)).toEqual(['y', '8', 'n', 'n', 'n', 'n'])
  expect(valuesOf(kconfig, 'SIZE=0x1F\nCOUNT=3\nNAME="rpi"', ...names)).toEqual([
    'n',
    '3',
    'n',
    'y',
    'y',
    'y',
  ])
  expect(valuesOf(kconfig, 'COUNT=99\nSIZE=zz', 'COUNT', 'SIZE')).toEqual(['8', '0x100'])
})

test('knows menus, visible if, help texts and joined lines', () => {
  const kconfig = `
mainmenu "all"
menu "drivers"
	depends on HAVE
	visible if SHOW
config IN_MENU
	bool "in menu"
	default y
	help
	  config NOT_A_STATEMENT

	  if this were read, the file would not parse
comment "a remark"
endmenu
config HAVE
	bool "have"
config SHOW
	def_bool n
config LONG
	def_bool HAVE || \\
		SHOW
config OLD
	bool "old"
	---help---
	Text of old trees.
config AFTER
	def_bool y
`
  const names = ['IN_MENU', 'LONG', 'AFTER', 'NOT_A_STATEMENT']
  expect(valuesOf(kconfig, '', ...names)).toEqual(['n', 'n', 'y', ''])
  // Invisible, so the user's n does not count, but the default does.
  expect(valuesOf(kconfig, 'HAVE=y\nIN_MENU=n', ...names)).toEqual(['y', 'y', 'y', ''])
})

test('sources files: relative, optional, by macro', () => {
  const texts = {
    Kconfig: `
source "$(srctree)/sub/Kconfig"
osource "missing/Kconfig"
source "$(BOARD_DIR)/*/Kconfig"
`,
    './sub/Kconfig': 'rsource "Kconfig.more"\n',
    './sub/Kconfig.more': 'config MORE\n\tdef_bool y\n',
    'board/x/Kconfig': 'config X\n\tdef_bool y\n',
  }
  expect(valuesOf(texts, '', 'MORE', 'X')).toEqual(['y', 'y'])
})

test('expands variables and functions', () => {
  const kconfig = `
comma := ,
name = $(1)-$(2)
prefix := "
SOC := am335x
config SYS_SOC
	string
	default "$(name,ti,$(SOC))"
config $(SOC)_ON
	def_bool $(if-ok,true)
if-ok = $(shell,{ $(1); } >/dev/null && echo "y" || echo "n")
config LATER
	def_bool $(if-ok,true)
config UNSET
	string
	default "[$(NOWHERE)]"
$(warning-if,n,nothing)
`
  expect(valuesOf(kconfig, '', 'SYS_SOC', 'LATER', 'UNSET')).toEqual(['ti-am335x', 'y', '[]'])
})

test('a dependency that leads back to itself ends', () => {
  const kconfig = `
config A
	bool "a" if B
	default y
	select B
config B
	bool "b" if A
config S
	string
	default S
`
  expect(valuesOf(kconfig, 'A=y', 'A', 'S')).toEqual(['y', ''])
})

test('characters that mean nothing are left out, as conf does', () => {
  const kconfig = 'config A\n\tbool "a";\n};\nconfig B;\n\tdef_bool y if A @\n'
  expect(valuesOf(kconfig, 'A=y', 'A', 'B')).toEqual(['y', 'y'])
})

test.each([
  ['config A\n\tbool "a\n', 'Kconfig:2: a quoted text does not end'],
  ['config A\n\tdepends on (B\n', 'Kconfig:2: expected ")"'],
  ['source "gone/Kconfig"\n', 'Kconfig:1: there is no file "gone/Kconfig"'],
  ['if A\nconfig B\n\tbool\n', 'Kconfig:3: "endif" is missing'],
  ['endmenu\n', 'Kconfig:1: "endmenu" does not belong here'],
  ['config A\n\tbool\n\tsellect B\n', 'Kconfig:3: "sellect B" is no Kconfig statement'],
  ['source "Kconfig"\n', 'Kconfig:1: Kconfig sources itself'],
  ['a = $(a)\nconfig X\n\tdef_bool $(a)\n', 'Kconfig:3: the macro a expands to itself'],
  ['$(error-if,y,too old)\n', 'Kconfig:1: too old'],
])('says where %j is wrong', (kconfig, message) => {
  expect(() => valuesOf(kconfig, '')).toThrow(message)
})

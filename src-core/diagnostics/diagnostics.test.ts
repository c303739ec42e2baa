import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Diagnostic, firstErrors, mostDiagnostics, parseDiagnostics } from './diagnostics.ts'

/** What is found, without what is at its default. */
function found(log: string): Partial<Diagnostic>[] {
  return parseDiagnostics(log).list.map((one) =>
    Object.fromEntries(
      Object.entries(one).filter(
        ([key, value]) => value !== '' && value !== 0 && key !== 'logLine',
      ),
    ),
  )
}

test.each<[string, string, Partial<Diagnostic> | null]>([
  [
    'gcc warning',
    "../board/x/x.c:188:13: warning: unused variable 'foo' [-Wunused-variable]",
    {
      tool: 'cc',
      kind: 'warning',
      file: '../board/x/x.c',
      line: 188,
      column: 13,
      text: "unused variable 'foo' [-Wunused-variable]",
    },
  ],
  [
    'gcc error with colours',
    '\x1b[01m\x1b[Kx.c:1:2:\x1b[m\x1b[K \x1b[01;31m\x1b[Kerror: \x1b[m\x1b[Kno such thing\r',
    { tool: 'cc', kind: 'error', file: 'x.c', line: 1, column: 2, text: 'no such thing' },
  ],
  [
    'gcc fatal error without column',
    'include/a.h:3: fatal error: missing.h: No such file or directory',
    {
      tool: 'cc',
      kind: 'error',
      file: 'include/a.h',
      line: 3,
      text: 'missing.h: No such file or directory',
    },
  ],
  [
    'a note',
    "x.c:10:5: note: 'a' declared here",
    { tool: 'cc', kind: 'note', file: 'x.c', line: 10, column: 5, text: "'a' declared here" },
  ],
  [
    'internal compiler error',
    'x.c:9:1: internal compiler error: in foo, at bar.cc:12',
    {
      tool: 'cc',
      kind: 'error',
      file: 'x.c',
      line: 9,
      column: 1,
      text: 'internal compiler error: in foo, at bar.cc:12',
    },
  ],
  ['caret lines', '      |         ^~~~~~', null],
  ['source lines', '   17 |         reg_write(LAMP_BASE + 4, board_info.led);', null],
  ['include chains', 'In file included from include/common.h:16:', null],
  ['function headers', "x.c: In function 'board_init':", null],
  [
    'assembler',
    'arch/riscv/start.S:8: Error: illegal operands `li sp,X`',
    {
      tool: 'as',
      kind: 'error',
      file: 'arch/riscv/start.S',
      line: 8,
      text: 'illegal operands `li sp,X`',
    },
  ],
  [
    'assembler from a pipe',
    '{standard input}:69: Error: selected processor does not support `wfi`',
    {
      tool: 'as',
      kind: 'error',
      file: '{standard input}',
      line: 69,
      text: 'selected processor does not support `wfi`',
    },
  ],
  [
    'undefined reference',
    "drift.c:(.text.board_init+0x1): undefined reference to `drift_pll_lock'",
    { tool: 'ld', kind: 'error', file: 'drift.c', text: "undefined reference to `drift_pll_lock'" },
  ],
  [
    'undefined reference with debug info, behind the linker',
    "arm-linux-gnueabi-ld: lib/a.c:14: undefined reference to `x'",
    { tool: 'ld', kind: 'error', file: 'lib/a.c', line: 14, text: "undefined reference to `x'" },
  ],
  [
    'undefined reference in a section, behind the linker',
    "/usr/bin/ld: a.c:(.text.f+0x1): undefined reference to `x'",
    { tool: 'ld', kind: 'error', file: 'a.c', text: "undefined reference to `x'" },
  ],
  ['in function, of the linker', "/usr/bin/ld: a/b.o: in function `f':", null],
  [
    'linker warning',
    '/usr/bin/arm-linux-gnueabi-ld.bfd: warning: u-boot has a LOAD segment with RWX permissions',
    { tool: 'ld', kind: 'warning', text: 'u-boot has a LOAD segment with RWX permissions' },
  ],
  [
    'linker note',
    'arm-linux-gnueabi-ld.bfd: NOTE: This behaviour is deprecated',
    { tool: 'ld', kind: 'note', text: 'This behaviour is deprecated' },
  ],
  [
    'linker overflow',
    "aarch64-linux-gnu-ld: region `.sram' overflowed by 128 bytes",
    { tool: 'ld', kind: 'error', text: "region `.sram' overflowed by 128 bytes" },
  ],
  [
    'dtc warning with place',
    'arch/arm/dts/a.dts:12.3-14.5: Warning (reg_format): /soc/x:reg: property has invalid length',
    {
      tool: 'dtc',
      kind: 'warning',
      file: 'arch/arm/dts/a.dts',
      line: 12,
      column: 3,
      text: '(reg_format): /soc/x:reg: property has invalid length',
    },
  ],
  [
    'dtc warning about a file',
    'arch/arm/dts/a.dtb: Warning (unit_address_vs_reg): Node /memory has a reg',
    {
      tool: 'dtc',
      kind: 'warning',
      file: 'arch/arm/dts/a.dtb',
      text: '(unit_address_vs_reg): Node /memory has a reg',
    },
  ],
  [
    'dtc syntax error',
    'Error: arch/arm/dts/a.dts:12.3-4 syntax error',
    {
      tool: 'dtc',
      kind: 'error',
      file: 'arch/arm/dts/a.dts',
      line: 12,
      column: 3,
      text: 'syntax error',
    },
  ],
  [
    'make',
    "make[1]: *** No rule to make target 'a.o', needed by 'u-boot'.  Stop.",
    {
      tool: 'make',
      kind: 'error',
      text: "No rule to make target 'a.o', needed by 'u-boot'.  Stop.",
    },
  ],
  [
    'make, in a makefile',
    'scripts/Makefile.build:10: *** missing separator.  Stop.',
    {
      tool: 'make',
      kind: 'error',
      file: 'scripts/Makefile.build',
      line: 10,
      text: 'missing separator.  Stop.',
    },
  ],
  [
    'make warning',
    "Makefile:12: warning: overriding recipe for target 'a'",
    {
      tool: 'make',
      kind: 'warning',
      file: 'Makefile',
      line: 12,
      text: "overriding recipe for target 'a'",
    },
  ],
  [
    'Kconfig warning',
    'configs/a_defconfig:3:warning: override: reassigning to symbol X',
    {
      tool: 'kconfig',
      kind: 'warning',
      file: 'configs/a_defconfig',
      line: 3,
      text: 'override: reassigning to symbol X',
    },
  ],
  [
    'Kconfig, no such board',
    '*** Can\'t find default configuration "configs/a_defconfig"!',
    {
      tool: 'kconfig',
      kind: 'error',
      text: 'Can\'t find default configuration "configs/a_defconfig"!',
    },
  ],
  [
    'Kconfig dependencies',
    'WARNING: unmet direct dependencies detected for SPL_X',
    { tool: 'kconfig', kind: 'warning', text: 'unmet direct dependencies detected for SPL_X' },
  ],
  [
    'binman',
    "binman: Filename 'tfa.bin' not found in input path (.)",
    { tool: 'binman', kind: 'error', text: "Filename 'tfa.bin' not found in input path (.)" },
  ],
  [
    'binman with missing blobs',
    "Image 'main-section' is missing external blobs and is non-functional: tfa",
    {
      tool: 'binman',
      kind: 'warning',
      text: "Image 'main-section' is missing external blobs and is non-functional: tfa",
    },
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "tools/a.py", line 3, in main\n    b()\n  File "tools/b.py", line 7, in b\n    raise ValueError(1)\nValueError: 1',
    { tool: 'python', kind: 'error', file: 'tools/b.py', line: 7, text: 'ValueError: 1' },
  ],
  [
    'a boxed notice',
    '===================== WARNING ======================\nThis board does not use CONFIG_DM_ETH.\nPlease update.\n====================================================',
    {
      tool: 'kconfig',
      kind: 'warning',
      text: 'This board does not use CONFIG_DM_ETH. Please update.',
    },
  ],
  [
    'the compiler about itself',
    'cc1: all warnings being treated as errors',
    { tool: 'cc', kind: 'error', text: 'all warnings being treated as errors' },
  ],
  [
    'the shell',
    '/bin/sh: 1: swig: not found',
    { tool: 'shell', kind: 'error', text: '/bin/sh: 1: swig: not found' },
  ],
  ['ordinary output', '  CC      common/main.o', null],
])('%s', (_name, log, expected) => {
  expect(found(log)).toEqual(expected ? [expected] : [])
})

test('says where in the log it stands', () => {
  expect(parseDiagnostics('CC a\n\nx.c:1:1: error: a').list[0]?.logLine).toBe(3)
})

test("make's repetition of a failure is not counted, and not among the first errors", () => {
  const log =
    'x.c:1:2: error: bad\nmake[1]: *** [Makefile:7: x.o] Error 1\nmake: *** [Makefile:4: all] Error 2\n'
  const parsed = parseDiagnostics(log)
  expect(parsed.errors).toBe(1)
  expect(firstErrors(parsed, log)).toEqual(['x.c:1:2: error: bad'])
})

test('where nothing is recognised, the end of the log stands for the first errors', () => {
  const log = 'something odd\nwent wrong here\n'
  expect(firstErrors(parseDiagnostics(log), log)).toEqual(['something odd', 'went wrong here'])
})

test('a flood is counted but not kept', () => {
  const parsed = parseDiagnostics('x.c:1:1: warning: a\n'.repeat(mostDiagnostics + 500))
  expect(parsed.warnings).toBe(mostDiagnostics + 500)
  expect(parsed.list).toHaveLength(mostDiagnostics)
})

test('a huge log and huge lines take no more than their length', { timeout: 20_000 }, () => {
  const lines = [
    'a'.repeat(1_000_000),
    'a:'.repeat(500_000),
    ...Array.from({ length: 300 }, () => `${'/'.repeat(4000)}ld`),
    ...Array.from({ length: 300 }, () => 'a.'.repeat(2000)),
    ...Array.from({ length: 300 }, () => `${'x.c:1'.repeat(800)}: in function`),
    ...Array.from({ length: 50_000 }, () => 'x.c:1:1: warning: y'),
  ]
  expect(parseDiagnostics(lines.join('\n')).warnings).toBe(50_000)
})

test('never throws, whatever the bytes', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ':',
      ' error: ',
      ' warning: ',
      '\n',
      '\x1b[',
      'Traceback (most recent call last):\n',
      '  File "',
      '==== WARNING ====\n',
      'ld: ',
      '*** ',
      '12',
      '.',
      '(',
      ')',
      'x.c',
      'make[1]',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const log = pieces.join('')
      const parsed = parseDiagnostics(log)
      firstErrors(parsed, log)
      for (const one of parsed.list) {
        expect(one.line).toBeGreaterThanOrEqual(0)
        expect(one.logLine).toBeGreaterThan(0)
      }
    }),
    { numRuns: 300 },
  )
})

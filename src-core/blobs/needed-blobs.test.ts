import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blobsNamedIn } from './needed-blobs.ts'

/** As U-Boot's sources for sunxi have it. */
const sunxi = `
#ifdef CONFIG_MACH_SUN50I_H6
#define  SCP_ADDR 0x114000
#elif defined(CONFIG_MACH_SUN50I_H616)
#define BL31_ADDR 0x40000000
#else
#define  SCP_ADDR  0x50000
#endif
/ { binman: binman { multiple-images; }; };
&binman {
	u-boot-sunxi-with-spl {
		filename = "u-boot-sunxi-with-spl.bin";
		blob { filename = "spl/sunxi-spl.bin"; };
#ifdef CONFIG_ARM64
		fit {
			#address-cells = <1>;
			images {
				atf {
					type = "firmware";
					atf-bl31 { filename = "bl31.bin"; missing-msg = "x"; };
				};
#ifdef SCP_ADDR
				scp { type = "firmware"; scp { filename = "scp.bin"; }; };
#endif
			};
		};
#else
		u-boot-img { };
#endif
	};
};`

const names = (source: string, config?: (symbol: string) => string | undefined) =>
  blobsNamedIn(source, config).map(({ name }) => name)

test('entries of firmware are needed, what the build makes itself is not', () => {
  expect(blobsNamedIn(sunxi)).toEqual([
    { name: 'bl31.bin', variable: 'BL31', optional: false },
    { name: 'scp.bin', variable: 'SCP', optional: false },
  ])
})

test('a branch that is known not to count names nothing', () => {
  const known = (arm64: string, h616: string) => (symbol: string) =>
    symbol === 'CONFIG_ARM64' ? arm64 : symbol.includes('H616') ? h616 : ''
  expect(names(sunxi, known('', ''))).toEqual([])
  expect(names(sunxi, known('y', ''))).toEqual(['bl31.bin', 'scp.bin'])
})

test('types, lists, default names, comments and what may be missing', () => {
  const source = `
    ddr-1d { filename = "lpddr4_1d.bin"; type = "blob-ext"; };
    ddr: ddr-2d@2 { type = "blob-ext-list"; filenames = "a.bin", "sub/b.bin"; };
    tee-os { optional; };
    /* opensbi { }; */ // scp { };
    opensbi { };
    intel-vga { filename = CONFIG_VGA_BIOS_FILE; };
    intel-fsp { filename = CONFIG_FSP_FILE; };`
  const config = (symbol: string) => (symbol === 'CONFIG_VGA_BIOS_FILE' ? 'vga.rom' : undefined)
  expect(blobsNamedIn(source, config).map(({ name, optional }) => [name, optional])).toEqual([
    ['lpddr4_1d.bin', false],
    ['a.bin', false],
    ['sub/b.bin', false],
    ['tee.bin', true],
    ['fw_dynamic.bin', false],
    ['vga.rom', false],
  ])
})

test('what the build makes is not of others, whatever it is called', () => {
  const source = `
    spl { filename = "spl.bin"; mkimage { }; };
    flash { filename = "flash.bin"; a: blob-ext@1 { filename = "spl.bin"; };
      binman-itb { type = "blob-ext"; filename = "u-boot.itb"; };
      c { type = "blob-ext"; filename = "spl/u-boot-spl.bin"; };
      d { type = "blob-ext"; filename = "m4.bin"; }; };`
  expect(names(source)).toEqual(['m4.bin'])
})

test('what one image can do without and another one can not is needed', () => {
  const source = 'one { tee-os { optional; }; }; two { tee-os { }; };'
  expect(blobsNamedIn(source)).toMatchObject([{ name: 'tee.bin', optional: false }])
})

test.each(['../bl31.bin', '/etc/shadow', 'a/../../b', '', 'a\\\\b', './x', 'x'.repeat(300)])(
  'a tree must not name %s',
  (name) => {
    expect(names(`x { type = "blob-ext"; filename = "${name}"; };`)).toEqual([])
  },
)

test('a source that says nothing but file names ends soon, and is bounded', () => {
  const many = Array.from({ length: 40_000 }, (_, at) => `b${at} { filename = "f${at}";`).join(' ')
  expect(names(many)).toEqual([])
  const flat = Array.from({ length: 30_000 }, (_, at) => `blob-ext { filename = "f${at}"; };`)
  expect(names(flat.join('\n'))).toHaveLength(100)
  expect(names('filename = "x";'.repeat(80_000))).toEqual([])
  expect(names(`${'/*'.repeat(500_000)} opensbi { };`)).toEqual([])
})

test('no text makes it throw', () => {
  const part = fc.constantFrom(
    '{',
    '}',
    ';',
    '=',
    '"',
    'filename',
    'scp',
    '#if',
    '#endif\n',
    '/*',
    '\n',
    'a',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
      blobsNamedIn(parts.join(' '))
    }),
  )
})

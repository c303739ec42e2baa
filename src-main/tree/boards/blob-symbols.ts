/**
 * Kconfig symbols that say which firmware of others an image takes: files, whether x86 boards have them, and a
 * script that makes the image in binman's stead. Named without `CONFIG_`.
 */
export const blobSymbols: ReadonlySet<string> = new Set([
  'CMC_FILE',
  'FSP_FILE',
  'FSP_FILE_M',
  'FSP_FILE_S',
  'FSP_FILE_T',
  'VBT_FILE',
  'VGA_BIOS_FILE',
  'HAVE_CMC',
  'HAVE_FSP',
  'HAVE_INTEL_ME',
  'HAVE_MRC',
  'HAVE_REFCODE',
  'HAVE_VBT',
  'HAVE_VGA_BIOS',
  'SPL_FIT_GENERATOR',
])

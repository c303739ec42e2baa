/**
 * Firmware of others that images need, as U-Boot's binman and its Makefile call it. Facts of U-Boot
 * 2023.01 to 2025.01.
 */

/** An entry of a device tree's binman node that is such a file. */
type BlobKind = {
  /** What it is called where the device tree does not say; empty where it always does. */
  readonly file: string
  /** Variable of make that names the file; empty where there is none. */
  readonly variable: string
}

/** By the type of the entry, which is its name unless the node says another. */
export const blobKinds: ReadonlyMap<string, BlobKind> = new Map([
  ['atf-bl31', { file: 'bl31.bin', variable: 'BL31' }],
  ['tee-os', { file: 'tee.bin', variable: 'TEE' }],
  ['opensbi', { file: 'fw_dynamic.bin', variable: 'OPENSBI' }],
  ['scp', { file: 'scp.bin', variable: 'SCP' }],
  ['rockchip-tpl', { file: 'rockchip-tpl', variable: 'ROCKCHIP_TPL' }],
  ['ti-dm', { file: 'ti-dm', variable: 'TI_DM' }],
  ['blob-ext', { file: '', variable: '' }],
  ['blob-ext-list', { file: '', variable: '' }],
  ['intel-cmc', { file: 'cmc.bin', variable: '' }],
  ['intel-descriptor', { file: 'descriptor.bin', variable: '' }],
  ['intel-fsp', { file: 'fsp.bin', variable: '' }],
  ['intel-fsp-m', { file: 'fsp_m.bin', variable: '' }],
  ['intel-fsp-s', { file: 'fsp_s.bin', variable: '' }],
  ['intel-fsp-t', { file: 'fsp_t.bin', variable: '' }],
  ['intel-me', { file: 'me.bin', variable: '' }],
  ['intel-mrc', { file: 'mrc.bin', variable: '' }],
  ['intel-refcode', { file: 'refcode.bin', variable: '' }],
  ['intel-vbt', { file: 'vbt.bin', variable: '' }],
  ['intel-vga', { file: 'vga.bin', variable: '' }],
])

/** Variables of make that name one file. BL32 is read by scripts of i.MX boards alone. */
export const fileVariables: readonly string[] = [
  ...new Set([...blobKinds.values()].map(({ variable }) => variable)),
  'BL32',
].filter((name) => name !== '')

/** Variables of make that name folders, separated by spaces. */
export const folderVariables: readonly string[] = ['BINMAN_INDIRS', 'TI_LINUX_FIRMWARE']

/** All variables that name firmware of others. */
export const blobVariables: ReadonlySet<string> = new Set([...fileVariables, ...folderVariables])

/** `VARIABLE=value` for a variable that names firmware; null for any other word. */
export function blobWord(word: string): { variable: string; value: string } | null {
  const at = word.indexOf('=')
  const variable = word.slice(0, Math.max(0, at))
  return blobVariables.has(variable) ? { variable, value: word.slice(at + 1) } : null
}

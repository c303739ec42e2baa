// Loaded before dependency-cruiser, which hands every file to swc as plain TypeScript: TSX is not.
// (It reads TSX with TypeScript's own API, but version 7 has none.)
import swc from '@swc/core'

const parseFileSync = swc.parseFileSync
Object.assign(swc, {
  /**
   * @param {string} file
   * @param {import('@swc/core').TsParserConfig} options
   */
  parseFileSync: (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') }),
})

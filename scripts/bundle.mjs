import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * @typedef {object} Program
 * @property {string} entry relative to the repository
 * @property {string} file what comes out, relative to the repository or absolute
 * @property {string} [target] the oldest Node that has to run it
 * @property {boolean} [selfContained] take npm packages into the file, too
 * @property {string[]} [except] packages that stay outside all the same
 * @property {boolean} [executable] start it with a line for the shell
 */

/**
 * Bundles a TypeScript program into one file for plain Node.
 *
 * @param {Program} program
 * @returns {Promise<void>}
 */
export async function bundle(program) {
  const { entry, file, target = 'node20.19', selfContained = false, except = [] } = program
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { target: 'node', external: except, ...(selfContained && { noExternal: true }) },
    build: {
      ssr: join(root, entry),
      target,
      outDir: dirname(resolve(root, file)),
      emptyOutDir: false,
      minify: false,
      license: selfContained && { fileName: `${basename(file, '.mjs')}-licences.md` },
      rollupOptions: {
        output: {
          format: 'es',
          entryFileNames: basename(file),
          codeSplitting: false,
          ...(program.executable && { banner: '#!/usr/bin/env node' }),
        },
      },
    },
  })
}

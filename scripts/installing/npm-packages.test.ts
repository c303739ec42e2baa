import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isCutOff, npmErrors } from './npm-packages.mjs'

const output = `npm warn EBADENGINE Unsupported engine {
npm warn EBADENGINE }
npm error code ENOTFOUND
npm error
npm error network request to https://registry.npmjs.org/zod failed
npm notice New minor version of npm available!
`

test('of a failed install, the errors are shown and not the warnings', () => {
  expect(npmErrors(output)).toBe(
    'npm error code ENOTFOUND\nnpm error network request to https://registry.npmjs.org/zod failed',
  )
})

test('an npm that died with other words is quoted, too', () => {
  expect(npmErrors('some noise\nKilled\n')).toBe('Killed')
})

test('only a transfer that broke off is worth another try', () => {
  expect(isCutOff('npm error code ECONNRESET\nnpm error network aborted\n')).toBe(true)
  expect(isCutOff(output)).toBe(false)
  expect(isCutOff('npm error code ERESOLVE\n')).toBe(false)
})

test('the lock file names the builds of every platform, so that npm ci works on each', () => {
  const lock: Lock = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'),
  )
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !finds(lock, path, name)),
  )
  expect(missing).toEqual([])
})

type Lock = {
  readonly packages: Record<string, { readonly optionalDependencies?: Record<string, string> }>
}

/** Whether Node would find the package from there: beside it, or further up. */
function finds({ packages }: Lock, path: string, name: string): boolean {
  const here = path === '' ? '' : `${path}/`
  if (packages[`${here}node_modules/${name}`]) return true
  return (
    path !== '' && finds({ packages }, path.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ''), name)
  )
}

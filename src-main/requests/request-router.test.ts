import { expect, test } from 'vitest'
import type { Versions } from '../../src-preload/contract.ts'
import { createRouter } from './request-router.ts'

const versions: Versions = { app: '1', electron: '2', chrome: '3', node: '4', runtime: 'test' }

function router(surprises: string[] = []) {
  return createRouter(
    {
      'app:versions': () => versions,
      'link:open': ({ url }) => {
        throw new Error(`no browser for ${url}`)
      },
    },
    (name) => surprises.push(name),
  )
}

test('a good request is answered', async () => {
  expect(await router()('app:versions', {})).toEqual({ ok: true, reply: versions })
})

test('a bad argument is refused with the name of its field', async () => {
  expect(await router()('link:open', { url: 5 })).toEqual({
    ok: false,
    error: expect.stringMatching(/^link:open: url: .*expected string/),
  })
  expect(await router()('link:open', 'x')).toMatchObject({
    error: expect.stringMatching(/arguments: /),
  })
  expect(await router()('app:versions', { more: 1 })).toMatchObject({
    error: expect.stringContaining('"more"'),
  })
})

test('an unknown request is refused, and so are the names of Object', async () => {
  expect(await router()('app:quit', {})).toEqual({ ok: false, error: 'no request "app:quit"' })
  expect(await router()('constructor', {})).toMatchObject({ ok: false })
  expect(await router()(7, {})).toEqual({ ok: false, error: 'no request of type number' })
})

test('an error that a handler throws is reported and travels as its message', async () => {
  const surprises: string[] = []
  expect(await router(surprises)('link:open', { url: 'https://a.b' })).toEqual({
    ok: false,
    error: 'link:open failed: no browser for https://a.b',
  })
  expect(surprises).toEqual(['link:open'])
})

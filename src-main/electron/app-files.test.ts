import { expect, test } from 'vitest'
import { fileForUrl, mediaTypeOf } from './app-files.ts'

test.each([
  ['app://slipway/', '/app/index.html'],
  ['app://slipway/assets/main.js?v=1#x', '/app/assets/main.js'],
  ['app://slipway/a%20b.css', '/app/a b.css'],
  ['app://slipway/../../etc/passwd', '/app/etc/passwd'],
])('%s is %s', (url, file) => {
  expect(fileForUrl('/app', url)).toBe(file)
})

test.each([
  'app://slipway/%2e%2e%2fetc/passwd',
  'app://slipway/..%2f..%2fetc/passwd',
  'app://slipway/..%2fapp-secrets/key',
  'app://slipway/a%00.html',
  'app://slipway/%E0%A4%A',
  'app://other/index.html',
  'https://slipway/index.html',
  'file:///app/index.html',
  'nonsense',
])('%s is refused', (url) => {
  expect(fileForUrl('/app', url)).toBeUndefined()
})

test('scripts have the type that modules need', () => {
  expect(mediaTypeOf('/app/main.js')).toBe('text/javascript; charset=utf-8')
  expect(mediaTypeOf('/app/LICENSE')).toBe('application/octet-stream')
})

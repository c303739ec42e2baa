import { expect, test } from 'vitest'
import { allowedLink } from './links.ts'

test('a known site over https opens', () => {
  expect(allowedLink('https://docs.u-boot.org/en/latest/build/buildman.html')).toEqual({
    ok: true,
    value: 'https://docs.u-boot.org/en/latest/build/buildman.html',
  })
})

test.each([
  'http://docs.u-boot.org/',
  'https://docs.u-boot.org.evil.example/',
  'https://docs.u-boot.org:8443/',
  'https://user@docs.u-boot.org/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'vscode://file/x',
  'no address',
])('%s does not', (url) => {
  expect(allowedLink(url)).toMatchObject({ ok: false })
})

import { expect, test } from 'vitest'
import { archiveFor, archivesOf, archsOf, checksumOf, toolchainPage } from './toolchain-index.ts'

const page = toolchainPage('https://mirror.example/tools/bin/', 'aarch64', '13.2.0')
const html = `<html><body><h1>Index of /tools/bin/arm64/13.2.0/</h1><pre><a href="../">../</a>
<a href="arm64-gcc-13.2.0-nolibc-aarch64-linux.tar.gz">arm64-gcc-13.2.0-nolibc-aarch64-linux.tar.gz</a> 2023
<a href="arm64-gcc-13.2.0-nolibc-aarch64-linux.tar.xz">arm64-gcc-13.2.0-nolibc-aarch64-linux.tar.xz</a> 2023
<A HREF='/tools/bin/arm64/13.2.0/arm64-gcc-13.2.0-nolibc_arm-linux-gnueabi.tar.xz'>arm</A>
<a href="arm64-gcc-13.2.0-nolibc-arm-linux-gnueabi.v2.tar.xz">arm again</a>
<a href="https://other.example/arm64-gcc-13.2.0-nolibc-sh4-linux.tar.xz">sh4</a>
<a href="..%2f..%2fevil-sh4-x.xz">evil</a> <a href="http://[">broken</a>
<a href="sha256sums.asc">sha256sums.asc</a></pre></body></html>`

test('a page is where kernel.org would have it', () => {
  expect(page).toBe('https://mirror.example/tools/bin/arm64/13.2.0/')
  expect(toolchainPage('http://m', 'x86_64', '1/../2')).toBe('http://m/x86_64/1%2F..%2F2/')
})

test('takes the last archive for an architecture, and none from elsewhere', () => {
  const archives = archivesOf(html, page)
  expect(archives.map(({ url }) => url).every((url) => url.startsWith(page))).toBe(true)
  expect(archiveFor(archives, 'arm')?.name).toBe(
    'arm64-gcc-13.2.0-nolibc-arm-linux-gnueabi.v2.tar.xz',
  )
  expect(archiveFor(archives, 'aarch64')?.name).toBe('arm64-gcc-13.2.0-nolibc-aarch64-linux.tar.xz')
  expect(archiveFor(archives, 'sh4')).toBeUndefined()
  expect(archsOf(archives)).toEqual(['aarch64', 'arm'])
})

test('reads checksums in lists, signed or not, and alone', () => {
  const sum = 'AB'.repeat(32)
  const lower = sum.toLowerCase()
  expect(checksumOf(`-----BEGIN PGP SIGNED MESSAGE-----\r\n${sum}  a.xz\r\n`, 'a.xz')).toBe(lower)
  expect(checksumOf(`${sum} *./dir/a.xz\n`, 'a.xz')).toBe(lower)
  expect(checksumOf(`${sum}\n`, 'a.xz')).toBe(lower)
  expect(checksumOf(`${sum}  b.xz\n`, 'a.xz')).toBeNull()
  expect(checksumOf('<html>not found</html>', 'a.xz')).toBeNull()
})

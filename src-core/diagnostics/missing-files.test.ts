import { expect, test } from 'vitest'
import { blobsLacking, describeMissing } from './missing-files.ts'

const absent = ['lib/efi_selftest/efi_miniapp_tcg2_arm.h', 'board/acme/ddr.bin', 'lib/seed.S']

test.each([
  'lib/efi_selftest/a.c:12:10: fatal error: efi_miniapp_tcg2_arm.h: No such file or directory',
  "make[2]: *** No rule to make target '../lib/efi_selftest/efi_miniapp_tcg2_arm.h', needed by 'x.o'.",
])('names a file that only the working tree has: %s', (stderr) => {
  expect(describeMissing(2, stderr, absent)).toMatch(
    /^needs lib\/efi_selftest\/efi_miniapp_tcg2_arm\.h, which only the working tree has/,
  )
  // Whose build went well looked elsewhere, and others are no matter of the working tree.
  expect(describeMissing(0, stderr, absent)).toBe('')
  expect(describeMissing(2, stderr, [])).toBe('')
})

test('names the firmware that an image lacks, and says that it does not boot', () => {
  const stderr =
    "Image 'u-boot-sunxi-with-spl' is missing external blobs and is non-functional: atf-bl31 scp x-blob\n"
  expect(describeMissing(0, stderr, absent)).toBe(
    'does not boot, since it was made without bl31.bin (BL31), scp.bin (SCP), x-blob; name it in [blobs] of ~/.buildman or in its variable of make, or put it beside the Makefile',
  )
  expect(blobsLacking(0, stderr)).toEqual(['bl31.bin (BL31)', 'scp.bin (SCP)', 'x-blob'])
  expect(blobsLacking(2, stderr)).toEqual([])
  expect(describeMissing(2, stderr, absent)).toMatch(/^needs bl31\.bin \(BL31\)/)
  const binman = "binman: Filename 'tee.elf' not found in input path (.,/src,board/x)\n"
  expect(describeMissing(2, binman, absent)).toMatch(/^needs tee\.elf; name it in \[blobs\]/)
  const own = "binman: Filename 'ddr.bin' not found in input path (.,/src,board/acme)\n"
  expect(describeMissing(2, own, absent)).toMatch(/^needs board\/acme\/ddr\.bin, which only/)
})

test('takes a time that grows with the text', () => {
  const nasty = ["No rule to make target '", ': fatal error: ', "Image '", 'a b ', '\n'].map(
    (part) => part.repeat(1_000_000 / part.length),
  )
  // What is not linear would need minutes, and the test's own limit ends it.
  for (const text of nasty) expect(describeMissing(2, text, absent)).toBe('')
})

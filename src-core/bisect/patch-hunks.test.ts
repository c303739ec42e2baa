import { expect, test } from 'vitest'
import { nearestHunks } from './patch-hunks.ts'

const patch = `diff --git a/lib/a.c b/lib/a.c
--- a/lib/a.c
+++ b/lib/a.c
@@ -1,2 +1,2 @@
-one
+uno
@@ -9 +9 @@ where
--- minus
+++ plus
diff --git a/board/b.c b/board/b.c
--- a/board/b.c
+++ /dev/null
@@ -1 +0,0 @@
-gone
`

test('the hunks of the file that a compiler names are the nearest', () => {
  expect(nearestHunks(patch, '../lib/a.c')).toEqual([
    { file: 'lib/a.c', lines: ['@@ -1,2 +1,2 @@', '-one', '+uno'] },
    { file: 'lib/a.c', lines: ['@@ -9 +9 @@ where', '--- minus', '+++ plus'] },
  ])
  expect(nearestHunks(patch, 'board/other.c')).toEqual([
    { file: 'board/b.c', lines: ['@@ -1 +0,0 @@', '-gone'] },
  ])
})

test('where nothing is near, the first ones are shown, not too long', () => {
  const long = `${patch.slice(0, 60)}@@ -1 +1 @@\n${'+x\n'.repeat(100)}`
  const [hunk] = nearestHunks(long, 'elsewhere/x.c')
  expect(hunk?.lines).toHaveLength(41)
  expect(hunk?.lines.at(-1)).toBe('(61 more lines)')
  expect(nearestHunks('', 'x.c')).toEqual([])
})

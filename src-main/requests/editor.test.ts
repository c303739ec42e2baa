import { watch } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { editorCommand, openInEditor } from './editor.ts'

let dir = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway editor '))
  await mkdir(join(dir, 'tree', 'board'), { recursive: true })
  await writeFile(join(dir, 'tree', 'board', 'a b;$(touch pwned).c'), '')
  await writeFile(join(dir, 'secret'), '')
  await symlink(join(dir, 'secret'), join(dir, 'tree', 'link.c'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

function place(file: string) {
  return { treeDir: join(dir, 'tree'), file, line: 7, column: 3 }
}

test('fills in place after splitting, so that a name with spaces stays one word', () => {
  expect(
    editorCommand('code --goto {file}:{line}:{column}', '/a b.c', { line: 7, column: 3 }),
  ).toEqual(['code', '--goto', '/a b.c:7:3'])
  expect(editorCommand('vi', '/x.c', { line: 1, column: 1 })).toEqual(['vi', '/x.c'])
  expect(editorCommand('  ', '/x.c', { line: 1, column: 1 })).toEqual([])
})

test('starts the editor with an odd file name as it is, and no shell in between', async () => {
  const script = join(dir, 'editor')
  const seen = join(dir, 'seen')
  await writeFile(
    script,
    `#!/bin/sh\nprintf '%s' "$1" > '${seen}.new'; mv '${seen}.new' '${seen}'\n`,
    {
      mode: 0o755,
    },
  )
  const written = new Promise<void>((resolve) => {
    const watcher = watch(dir, (_event, name) => {
      if (name !== 'seen') return
      watcher.close()
      resolve()
    })
  })
  // The folder has a space in its name, so the script is found through the tree's own path.
  const link = join(tmpdir(), `slipway-editor-${process.pid}`)
  await symlink(script, link)
  const odd = 'board/a b;$(touch pwned).c'
  expect(await openInEditor(`${link} {file}:{line}`, place(odd))).toMatchObject({ ok: true })
  await written
  await rm(link)
  expect(await readFile(seen, 'utf8')).toMatch(/\/tree\/board\/a b;\$\(touch pwned\)\.c:7$/)
})

test.each([
  ['../secret', 'outside the tree'],
  ['link.c', 'outside the tree'],
  ['/etc/passwd', 'outside the tree'],
  ['nowhere.c', 'is not in the tree'],
])('refuses %s', async (file, words) => {
  expect(await openInEditor('true', place(file))).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining(words) },
  })
})

test('says so where the editor is not installed, or none is set', async () => {
  const file = 'board/a b;$(touch pwned).c'
  expect(await openInEditor('no-such-editor-here', place(file))).toMatchObject({
    problem: { what: "The editor 'no-such-editor-here' is not installed" },
  })
  expect(await openInEditor('', place(file))).toMatchObject({
    problem: { what: 'No editor is set' },
  })
})

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { processId } from './process-id.ts'

test.each([0, -1, -7, 1, 1.5, Number.NaN, 2 ** 31, undefined, null, '', '12'])(
  '%s is not taken for a process',
  (found) => expect(() => processId(found)).toThrow('is no process that may be signalled'),
)

test('a process that was found is', () => expect(processId(process.pid)).toBe(process.pid))

test('nothing in the program or its tests signals a process that need not have been found', async () => {
  const root = join(import.meta.dirname, '..')
  const unchecked: string[] = []
  for (const folder of [
    'src-core',
    'src-main',
    'src-system',
    'src-worker',
    'src-preload',
    'e2e',
    'bench',
  ]) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.m?ts$/.test(file) || file === 'process-id.test.ts') continue
      const text = await readFile(join(root, folder, file), 'utf8')
      const calls = text.match(/(?<!\.)process\.kill\((?!-?processId\(|process\.pid,).*/g) ?? []
      unchecked.push(...calls.map((call) => `${folder}/${file}: ${call}`))
    }
  }
  expect(unchecked).toEqual([])
})

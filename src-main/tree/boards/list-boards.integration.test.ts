import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder, temporaryTree, threeBoards } from '../test-tree.ts'
import { listBoards } from './list-boards.ts'

const outDir = mkdtempSync(path.join(tmpdir(), 'slipway-scan-'))
const threadFile = path.join(outDir, 'scan-boards.mjs')

beforeAll(() =>
  build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(import.meta.dirname, 'scan-boards.ts'),
      outDir,
      rollupOptions: { output: { entryFileNames: 'scan-boards.mjs' } },
    },
  }),
)
afterAll(() => rmSync(outDir, { recursive: true, force: true }))

test('lists boards in a thread', async () => {
  const options = { cacheDir: temporaryFolder(), threadFile }
  const result = await listBoards(temporaryTree(threeBoards), options)
  expect(result).toMatchObject({ ok: true, value: { boards: [{}, {}, {}] } })
  expect(await listBoards('/nowhere', options)).toMatchObject({ ok: false })
})

test('stops at once when it is told to', async () => {
  const controller = new AbortController()
  const options = { cacheDir: temporaryFolder(), threadFile, signal: controller.signal }
  const listing = listBoards(temporaryTree(threeBoards), options)
  controller.abort()
  await expect(listing).rejects.toThrow(/abort/i)
  await expect(listBoards('/', options)).rejects.toThrow(/abort/i)
})

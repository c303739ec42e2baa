import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Board } from '../../src-core/model.ts'
import { parseBuildmanConfig } from '../buildman-config/read-config.ts'
import { git, temporaryRepository } from '../tree/git/test-git.ts'
import { temporaryTree, writeFiles } from '../tree/test-tree.ts'
import { BlobFiles } from './blob-files.ts'
import { type BlobQuestion, type BoardBlobs, findBlobs } from './find-blobs.ts'
import { blobsSaidHere } from './said-blobs.ts'
import { commitBlobs, variablesOf } from './send-blobs.ts'

const board = (target: string, more: Partial<Board> = {}): Board => ({
  target,
  arch: 'aarch64',
  cpu: 'armv8',
  soc: 'sunxi',
  vendor: 'acme',
  board: 'pine',
  config: '',
  status: 'Active',
  maintainers: [],
  ...more,
})

const sources = {
  'arch/arm/dts/pine.dts': '#include "pine.dtsi"\n/ { };\n',
  'arch/arm/dts/pine.dtsi': '/ { soc { scp { }; }; };\n',
  'arch/arm/dts/sunxi-u-boot.dtsi':
    '&binman { atf-bl31 { filename = "bl31.bin"; }; ddr { type = "blob-ext"; filename = "ddr/a.bin"; };\n' +
    'evil { type = "blob-ext"; filename = "../../secret"; }; };\n',
  'arch/arm/dts/plain.dts': '/ { };\n',
}
const symbols = { deviceTrees: { pine: 'pine', plain: 'plain', lost: 'lost' }, blobSymbols: {} }
const plain = board('plain', { soc: 'none', cpu: '', vendor: '' })

type Asked = Partial<Pick<BlobQuestion, 'boards' | 'absentFiles'>> & {
  readonly config?: string
  readonly words?: readonly string[]
}

async function find(treeDir: string, asked: Asked = {}) {
  const config = parseBuildmanConfig(`[toolchain]\na = /\n${asked.config ?? ''}`, {
    file: '.buildman',
    home: treeDir,
  })
  if (!config.ok) throw new Error(config.problem.what)
  const question: BlobQuestion = {
    treeDir,
    boards: asked.boards ?? [board('pine')],
    symbols,
    config: config.value,
    said: blobsSaidHere({}, asked.words ?? [], treeDir, () => false),
    absentFiles: asked.absentFiles ?? null,
  }
  return findBlobs(question, new BlobFiles())
}

async function found(treeDir: string, asked?: Asked) {
  const result = await find(treeDir, asked)
  if (!result.ok) throw new Error(result.problem.what)
  const of = (target: string): BoardBlobs =>
    result.value.ofBoard.get(target) ?? { sources: new Map(), makeFlags: [], taken: [] }
  const from = result.value.planned.map((blob) => `${blob.name}: ${blob.from}`)
  return { ...result.value, of, from }
}

test('a board needs what the files that the build adds by itself name, and nothing outside', async () => {
  const tree = temporaryTree(sources)
  const { from, of } = await found(tree, { boards: [board('pine'), plain] })
  expect(from).toEqual(['bl31.bin: ', 'ddr/a.bin: '])
  expect(of('pine').sources.size).toBe(0)
})

test('a variable goes to boards that need it, and to those of which that is not known', async () => {
  const tree = temporaryTree({ ...sources, 'fw/x.elf': 'x' })
  const boards = [board('pine'), plain, board('lost')]
  const { of } = await found(tree, { boards, words: ['BL31=fw/x.elf'] })
  const place = { BL31: [expect.stringMatching(/^files\/[0-9a-f]{16}\/x\.elf$/)] }
  expect(['pine', 'plain', 'lost'].map((target) => variablesOf(of(target)))).toEqual([
    place,
    {},
    place,
  ])
  expect(of('pine').taken).toMatchObject([{ name: 'bl31.bin', variable: 'BL31' }])
  expect(of('lost').taken).toMatchObject([{ name: 'x.elf', variable: 'BL31' }])
})

test('[blobs] names files by board, SoC or glob; the nearer line counts', async () => {
  const tree = temporaryTree({ ...sources, 'a/bl31.bin': 'a', 'b.bin': 'b', 'fw/ddr/a.bin': 'd' })
  const config = '[blobs]\nbl31.* = a\nfolders = nowhere, fw\n[blobs:sunxi]\nBL31 = b.bin\n'
  const { from, of } = await found(tree, { config })
  expect(from).toEqual([
    `bl31.bin: ${path.join(tree, 'b.bin')} of [blobs]`,
    `ddr/a.bin: ${path.join(tree, 'fw/ddr/a.bin')} of [blobs]`,
  ])
  expect(Object.keys(variablesOf(of('pine'))).sort()).toEqual(['BINMAN_INDIRS', 'BL31'])
  expect(of('pine').taken.map(({ name }) => name)).toEqual(['bl31.bin', 'ddr/a.bin'])
})

test('what lies in the tree is part of the current source, and goes along with commits', async () => {
  const tree = temporaryTree({ ...sources, 'board/acme/pine/bl31.bin': 'x' })
  const current = await found(tree)
  expect(current.from[0]).toBe('bl31.bin: board/acme/pine/bl31.bin in the tree')
  expect(current.of('pine').taken).toEqual([])
  const series = await found(tree, { absentFiles: ['board/acme/pine/bl31.bin'] })
  expect(Object.keys(variablesOf(series.of('pine')))).toEqual(['BL31'])
})

test.each<[string, string, RegExp]>([
  ['is not there', 'BL31=/nowhere/x', /names \/nowhere\/x, which is not there/],
  ['leads in a circle', 'BL31=loop', /leads in a circle/],
  ['is a folder', 'BL31=arch', /arch, which is a folder/],
  ['is a file', 'BINMAN_INDIRS=arch/arm/dts/pine.dts', /which is a file/],
])('a variable whose file %s stays as it is, with a word', async (_, word, note) => {
  const tree = temporaryTree(sources)
  symlinkSync('loop', path.join(tree, 'loop'))
  const { notes, of } = await found(tree, { words: [word] })
  expect(notes.join()).toMatch(note)
  expect(of('pine').makeFlags).toEqual([word])
  expect(of('pine').sources.size).toBe(0)
})

/** make takes a list of folders, so none of them has a space in its name. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-blobs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFiles(folder, files)
  return folder
}

async function sentOf(folder: string, config = '') {
  const { of, notes } = await found(temporaryTree(sources), {
    config,
    words: [`BINMAN_INDIRS=${folder}`],
  })
  const [source] = of('pine').sources.get('BINMAN_INDIRS') ?? []
  const names = source?.kind === 'folder' ? source.files.map(({ name }) => name) : []
  return { names, notes: notes.join() }
}

test('a folder is sent whole, or where it is too large what boards need of it', async () => {
  const folder = folderOf({ 'bl31.bin': 'x', 'more/b': 'y', '.gitattributes': '* text\n' })
  symlinkSync('..', path.join(folder, 'more', 'up'))
  symlinkSync('b', path.join(folder, 'more', 'c'))
  expect(await sentOf(folder)).toEqual({ names: ['bl31.bin', 'more/b', 'more/c'], notes: '' })
  writeFileSync(path.join(folder, 'gigabyte'), '')
  truncateSync(path.join(folder, 'gigabyte'), 2 ** 30)
  expect(await sentOf(folder)).toEqual({
    names: ['bl31.bin'],
    notes: expect.stringContaining('too large to be sent whole (256 MB a run, 64 MB a file)'),
  })
})

test('what is needed and larger than the bounds is refused', async () => {
  const folder = folderOf({ a: '' })
  truncateSync(path.join(folder, 'a'), 3 * 2 ** 20)
  const tree = temporaryTree(sources)
  const asked = (config: string) => find(tree, { config, words: [`BL31=${folder}/a`] })
  expect(await asked('[blobs]\nmax_file_mb = 2\n')).toMatchObject({
    problem: { what: `${folder}/a has 3 MB, more than the 2 MB that a file of firmware may have` },
  })
  expect(await asked('[blobs]\nmax_mb = 2\n')).toMatchObject({
    problem: { what: expect.stringContaining('comes to 3 MB, more than the 2 MB of a run') },
  })
  expect(await asked('[blobs]\nmax_mb = x\n')).toMatchObject({ ok: true })
})

test('the commit has just the files, and a file that changes meanwhile is refused', async () => {
  const tree = temporaryRepository({ ...sources, a: 'a' })
  const folder = folderOf({ 'bl31.bin': 'firmware', 'ddr/a.bin': 'training' })
  const { of } = await found(tree, {
    words: [`BINMAN_INDIRS=${folder}`, `BL31=${folder}/bl31.bin`],
  })
  const place = { folder: tree, gitDir: path.join(tree, '.git') }
  const commit = await commitBlobs(place, [of('pine')])
  const names = git(tree, 'ls-tree', '-r', '--name-only', commit).split('\n')
  expect(names.map((name) => name.replace(/[0-9a-f]{16}/, 'H'))).toEqual([
    'files/H/bl31.bin',
    'folders/H/bl31.bin',
    'folders/H/ddr/a.bin',
  ])
  expect(git(tree, 'cat-file', 'blob', `${commit}:${names[0]}`)).toBe('firmware')
  expect(await commitBlobs(place, [of('pine')])).toBe(commit)
  writeFileSync(path.join(folder, 'bl31.bin'), 'another')
  await expect(commitBlobs(place, [of('pine')])).rejects.toThrow('changes while it is read')
  expect(git(tree, 'status', '--porcelain')).toBe('')
})

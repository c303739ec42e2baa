import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** The code is held to the words of docs/architecture.md: see "Words" there. */

const root = join(import.meta.dirname, '..')
const rooms = ['src-core', 'src-main', 'src-preload', 'src-renderer', 'src-system', 'src-worker']
const forTests = /\.test\.tsx?$|\/test-[^/]*\.ts$|\/testing\//

type Export = { readonly name: string; readonly file: string }

/** Types and classes: what the code calls its things. */
function exportedThings(): Export[] {
  const files = execFileSync('git', ['ls-files', ...rooms], { cwd: root, encoding: 'utf8' })
  return files.split('\n').flatMap((file) => {
    if (!/\.tsx?$/.test(file) || forTests.test(file)) return []
    const text = readFileSync(join(root, file), 'utf8')
    const found = text.matchAll(/^export (?:abstract )?(?:type|class) (\w+)/gm)
    return Array.from(found, ([, name = '']) => ({ name, file }))
  })
}

/** `RunMachines` -> run, machines. */
function wordsOf(name: string): string[] {
  const words = name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? []
  return words.map((word) => word.toLowerCase())
}

/** First cells of the tables, and what "Ordinary words" lists. */
function knownWords(): Set<string> {
  const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')
  const [, words = ''] = /^## Words\n(.*?)^## /ms.exec(page) ?? []
  const cells = Array.from(words.matchAll(/^\| ([^|]+) \|/gm), ([, cell = '']) => cell)
  const [, ordinary = ''] = /^Ordinary words: (.*?)\.$/ms.exec(words) ?? []
  const listed = [...cells, ordinary].join(',').toLowerCase()
  return new Set(listed.split(/[^a-z0-9]+/).filter(Boolean))
}

function isKnown(word: string, known: ReadonlySet<string>): boolean {
  const singulars = [
    word,
    word.replace(/s$/, ''),
    word.replace(/es$/, ''),
    word.replace(/ies$/, 'y'),
  ]
  return singulars.some((one) => known.has(one))
}

test('every noun that the code exports stands in the words of the architecture page', () => {
  const known = knownWords()
  const unknown = exportedThings().flatMap(({ name, file }) =>
    wordsOf(name)
      .filter((word) => !isKnown(word, known))
      .map((word) => `${word} (${name} in ${file})`),
  )
  expect(unknown).toEqual([])
})

test('no two things have one name', () => {
  const files = new Map<string, string[]>()
  for (const { name, file } of exportedThings()) {
    files.set(name, [...(files.get(name) ?? []), file])
  }
  const twice = [...files].filter(([, all]) => all.length > 1)
  expect(twice).toEqual([])
})

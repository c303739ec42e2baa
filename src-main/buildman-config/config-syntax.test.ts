import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConfigSyntax } from './config-syntax.ts'
import { configReader } from './config-values.ts'

/** What we make of a text: the items of every section, or null where buildman would stop. */
function ours(text: string): Record<string, [string, string][]> | null {
  const reader = configReader(parseConfigSyntax(text))
  const sections: Record<string, [string, string][]> = {}
  for (const { name } of reader.sections) {
    if (name === 'DEFAULT') continue
    sections[name] = reader.items(name).map(({ key, value }) => [key, value])
  }
  return reader.fatal.length > 0 ? null : sections
}

const PEER = `
import configparser, io, json, sys
def read(text):
    parser = configparser.ConfigParser(allow_no_value=True)
    try:
        parser.read_file(io.StringIO(text, newline=None))
        return {name: [[k, v or ''] for k, v in parser.items(name)] for name in parser.sections()}
    except Exception:
        return None
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`

function theirs(texts: readonly string[]): unknown[] {
  const input = JSON.stringify(texts)
  const result = spawnSync('python3', ['-c', PEER], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (result.status !== 0) throw new Error(`python3 failed: ${result.stderr}`)
  return JSON.parse(result.stdout) as unknown[]
}

const piece = fc.constantFrom(
  ...['[machines]', '[toolchain]', '[DEFAULT]', '[a]b]', '[', ']', '[]', '=', ':', ' ', '  ', '\t'],
  ...[
    '\n',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '#',
    ';',
    '%',
    '%%',
    '%(key)s',
    '%(k',
    'key',
    'Key',
    'k',
    'value',
  ],
  ...['"', '~/x', '\u00a0', '\u2028', '\u0085', '\ufeff', '\u001c', 'é', '//', '-'],
)
const soup = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
const line = fc.oneof(
  fc.constantFrom('[machines]', '[toolchain]', '[DEFAULT]', '[x] # tail', '', '# c', '  ; c', ' '),
  fc
    .tuple(
      fc.constantFrom('', '', '', ' ', '    ', '\t'),
      fc.constantFrom('moa', 'Moa', 'kea', 'download', 'a b', 'key'),
      fc.constantFrom('', ' = ', '=', ':', ' : ', '= '),
      fc.constantFrom('', 'host', 'user@host', 'h:22', 'a = b', '%(key)s', '%%', '50%', '"q"'),
    )
    .map((parts) => parts.join('')),
)
const plausible = fc.array(line, { maxLength: 12 }).map((lines) => `[start]\n${lines.join('\n')}`)

test('reads what ConfigParser reads, and refuses what it refuses', () => {
  const texts = fc.sample(fc.oneof(soup, plausible), { numRuns: 4000, seed: 7 })
  const expected = theirs(texts)
  expect(expected.filter((one) => one !== null).length).toBeGreaterThan(1000)
  texts.forEach((text, index) => {
    expect(ours(text), JSON.stringify(text)).toEqual(expected[index])
  })
})

test('says in which line the trouble is', () => {
  const problems = (text: string): string[] =>
    parseConfigSyntax(text).problems.map(({ line, message }) => `${line}: ${message}`)
  expect(problems('moa\n[machines]')).toEqual(["1: 'moa' stands before the first [section]"])
  expect(problems('[machines]\nmoa\nMOA = x')).toEqual([
    "3: 'moa' is already in line 2 of [machines] (upper and lower case are the same)",
  ])
  expect(problems('[machines]\nmoa\n[machines]')).toEqual([
    '3: section [machines] is already in line 1; merge the two',
  ])
  expect(problems('[machines]\nmoa\n  kea')[0]).toMatch(/^3: the line is indented, so it continues/)
  expect(problems('[machines]\n= x')).toEqual(["2: no key before '='"])
})

test('never throws and never hangs, whatever the file holds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), soup), (text) => {
      ours(text)
    }),
    { numRuns: 2000 },
  )
  const nested = Array.from({ length: 11 }, (_, i) => `k${i} = ${`%(k${i + 1})s`.repeat(50)}`)
  expect(ours(`[a]\n${nested.join('\n')}\nk11 = %%`)).toBeNull()
})

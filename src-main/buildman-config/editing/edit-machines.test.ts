import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testConfig } from '../../../src-core/test-machine.ts'
import { type BuildmanConfig, CONFIG_TEMPLATE, parseBuildmanConfig } from '../read-config.ts'
import { editMachines, type MachineEdit } from './edit-machines.ts'

const file = `# mine
[toolchain]
other = /   
[machines]
  # the fast one
  moa = anna@moa.lan
; kea = kea.lan
  Ruru : ruru.lan\r
  tui

[machine:moa]
# it is loud
max_boards = 4
odd = thing
[make-flags]
snow = X="a b"`

function edit(text: string, ...edits: MachineEdit[]): string {
  return edits.reduce((current, one) => {
    const result = editMachines(current, one)
    if (!result.ok) throw new Error(result.problem.what)
    return result.value
  }, text)
}

function read(text: string): BuildmanConfig {
  const result = parseBuildmanConfig(text, { file: 'f', home: '/h' })
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

/** The difference as lines with `-` and `+`. */
function diff(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const removed = a.filter((line) => !b.includes(line)).map((line) => `-${line}`)
  return [...removed, ...b.filter((line) => !a.includes(line)).map((line) => `+${line}`)]
}

test('a new machine comes behind the last one, its settings at the end', () => {
  const weka = testConfig('weka', { host: 'w%.lan', maxBoards: 8, transport: 'openssh' })
  const added = edit(file, { kind: 'add', machine: weka })
  expect(added).toBe(
    `${file.replace('  tui\n', '  tui\n  weka = w%%.lan\n')}\n\n[machine:weka]\nmax_boards = 8\ntransport = openssh\n`,
  )
  expect(read(added).machines.at(-1)).toEqual(weka)
})

test('a command is written as it is read, with what the file itself would take for its own', () => {
  const box = testConfig('box', { command: 'ssh -F ~/other -o "SendEnv=%a b" host # 1' })
  const added = edit(file, { kind: 'add', machine: box })
  expect(added).toContain('command = ssh -F ~/other -o "SendEnv=%%a b" host # 1\n')
  expect(read(added).machines.at(-1)).toEqual(box)
  expect(editMachines(file, { kind: 'add', machine: { ...box, command: 'a\nb' } }).ok).toBe(false)
})

test('a change touches the lines that say otherwise, and no more', () => {
  const moa = testConfig('moa', { host: 'anna@moa.lan', maxBoards: 4 })
  expect(edit(file, { kind: 'change', name: 'moa', machine: moa })).toBe(file)
  const changed = { ...moa, host: 'moa', maxBoards: 2, buildmanPath: '~/bin/buildman' }
  expect(diff(file, edit(file, { kind: 'change', name: 'moa', machine: changed }))).toEqual([
    '-  moa = anna@moa.lan',
    '-max_boards = 4',
    '+  moa = moa',
    '+max_boards = 2',
    '+buildman_path = ~/bin/buildman',
  ])
  const ruru = testConfig('ruru', { host: 'r.lan' })
  expect(diff(file, edit(file, { kind: 'change', name: 'ruru', machine: ruru }))).toEqual([
    '-  Ruru : ruru.lan\r',
    '+  Ruru : r.lan\r',
  ])
  const usual = { ...moa, maxBoards: 0 }
  expect(diff(file, edit(file, { kind: 'change', name: 'moa', machine: usual }))).toEqual([
    '-max_boards = 4',
  ])
})

test('a name alone gets its host when its machine is edited, and only then', () => {
  const tui = testConfig('tui', { maxBoards: 2 })
  const edited = edit(file, { kind: 'change', name: 'tui', machine: tui })
  expect(edited).toContain('\n  tui = tui\n')
  expect(edit('[machines]\nkea\nTui\n', { kind: 'change', name: 'tui', machine: tui })).toBe(
    '[machines]\nkea\nTui = tui\n\n[machine:tui]\nmax_boards = 2\n',
  )
})

const python = spawnSync('python3', ['-c', 'import configparser']).status === 0

test.skipIf(!python)(
  "mainline's parser, which wants a value for each key, reads what we write",
  () => {
    const added = edit(
      CONFIG_TEMPLATE,
      { kind: 'add', machine: testConfig('moa') },
      { kind: 'add', machine: testConfig('kea', { host: 'anna@kea.lan', maxBoards: 3 }) },
      { kind: 'change', name: 'moa', machine: testConfig('moa', { transport: 'openssh' }) },
    )
    const program = `
import configparser, json, sys
parser = configparser.ConfigParser()
parser.read_string(sys.stdin.read())
print(json.dumps(dict(parser.items('machines'))))`
    const { stdout, stderr } = spawnSync('python3', ['-c', program], {
      input: added,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ moa: 'moa', kea: 'anna@kea.lan' })
  },
)

test('a new name takes its settings along', () => {
  const renamed = edit(file, {
    kind: 'change',
    name: 'moa',
    machine: testConfig('kiwi', { host: 'anna@moa.lan', maxBoards: 4 }),
  })
  expect(diff(file, renamed)).toEqual([
    '-  moa = anna@moa.lan',
    '-[machine:moa]',
    '+  kiwi = anna@moa.lan',
    '+[machine:kiwi]',
  ])
})

test('order changes places, removal takes the settings along, comments stay where they are', () => {
  const ordered = edit(file, { kind: 'order', names: ['tui', 'moa'] })
  expect(read(ordered).machines.map(({ name }) => name)).toEqual(['tui', 'ruru', 'moa'])
  expect(ordered.split('\n').slice(4, 9)).toEqual([
    '  # the fast one',
    '  tui',
    '; kea = kea.lan',
    '  Ruru : ruru.lan\r',
    '  moa = anna@moa.lan',
  ])
  const removed = edit(file, { kind: 'remove', name: 'moa' })
  expect(diff(file, removed)).toEqual([
    '-  moa = anna@moa.lan',
    '-',
    '-[machine:moa]',
    '-max_boards = 4',
    '-odd = thing',
  ])
})

test('this computer has settings, too', () => {
  const changed = edit(file, {
    kind: 'change',
    name: 'local',
    machine: testConfig('local', { host: '', maxBoards: 1 }),
  })
  expect(changed).toBe(`${file}\n\n[machine:local]\nmax_boards = 1\n`)
})

test('adding and removing again gives the same file; an empty one gets its section', () => {
  const weka = testConfig('weka', { host: 'w.lan', maxBoards: 1 })
  const text = `${file}\n`
  expect(edit(text, { kind: 'add', machine: weka }, { kind: 'remove', name: 'weka' })).toBe(text)
  expect(edit('', { kind: 'add', machine: weka })).toBe(
    '[machines]\nweka = w.lan\n\n[machine:weka]\nmax_boards = 1\n',
  )
})

test('what the file could not hold, or does not have, is refused', () => {
  const refused = (one: MachineEdit, text = file): string => {
    const result = editMachines(text, one)
    return result.ok ? 'done' : result.problem.what
  }
  expect(refused({ kind: 'add', machine: testConfig('moa') })).toMatch(/already$/)
  expect(refused({ kind: 'add', machine: testConfig('a = b') })).toMatch(
    /can't be a machine's name/,
  )
  expect(refused({ kind: 'add', machine: testConfig('Weka') })).toMatch(/lower case/)
  expect(refused({ kind: 'add', machine: testConfig('w', { host: '-oX' }) })).toMatch(/not a host/)
  expect(refused({ kind: 'add', machine: testConfig('w', { host: 'a\nb' }) })).toMatch(/not a host/)
  expect(refused({ kind: 'add', machine: testConfig('w', { buildmanPath: 'a\nb' }) })).toMatch(
    /path/,
  )
  expect(refused({ kind: 'remove', name: 'kea' })).toMatch(/no machine 'kea'/)
  expect(refused({ kind: 'order', names: ['tui', 'kea'] })).toMatch(/no machine 'kea'/)
  expect(refused({ kind: 'remove', name: 'moa' }, '[DEFAULT]\nmoa\n[machines]\n')).toMatch(
    /without touching/,
  )
  expect(refused({ kind: 'remove', name: 'moa' }, '[machines]\nmoa\nmoa\n')).toMatch(
    /already in line 2/,
  )
})

const name = fc.constantFrom('moa', 'kea', 'tui', 'weka', 'ruru')
const someMachine = fc
  .tuple(
    name,
    fc.constantFrom('', 'h.lan', 'u@h', 'a%b'),
    fc.nat(3),
    fc.constantFrom('', '~/x'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([own, host, maxBoards, buildmanPath, openssh, wait]) =>
    testConfig(own, {
      host: host || own,
      maxBoards,
      buildmanPath,
      transport: openssh ? 'openssh' : 'ssh2',
      ifBusy: wait ? 'wait' : 'another folder',
    }),
  )
const someEdit: fc.Arbitrary<MachineEdit> = fc.oneof(
  someMachine.map((one) => ({ kind: 'add' as const, machine: one })),
  fc
    .tuple(name, someMachine)
    .map(([own, one]) => ({ kind: 'change' as const, name: own, machine: one })),
  name.map((own) => ({ kind: 'remove' as const, name: own })),
  fc.array(name, { maxLength: 4 }).map((names) => ({ kind: 'order' as const, names })),
)
const machineLine = fc
  .tuple(
    fc.constantFrom('', '', '  ', '\t'),
    fc.constantFrom(
      'moa',
      'Kea',
      'tui = t.lan',
      'ruru: r',
      'weka=',
      '# kea',
      '; x',
      '',
      'bad host = a b',
    ),
  )
  .map((parts) => parts.join(''))
const someFile = fc
  .tuple(
    fc.array(machineLine, { maxLength: 6 }),
    fc.array(machineLine, { maxLength: 2 }),
    fc.boolean(),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([lines, more, settings, eol]) =>
    [
      '# top',
      '[toolchain]',
      'a = /x',
      '[machines]',
      ...lines,
      ...(settings ? ['', '[machine:moa]', 'max_boards: 2', '# c'] : []),
      '[toolchain-alias]',
      'x = y',
      '# end',
      ...more.filter((line) => /[#;]/.test(line)),
    ].join(eol),
  )

test('whatever is changed in whatever file, it reads back and the rest stays', () => {
  let done = 0
  fc.assert(
    fc.property(someFile, fc.array(someEdit, { maxLength: 5 }), (text, edits) => {
      let current = text
      for (const one of edits) {
        const result = editMachines(current, one)
        if (!result.ok) continue
        done += 1
        current = result.value
      }
      const comments = (of: string) => of.split(/\r?\n/).filter((line) => /^\s*[#;]/.test(line))
      expect(comments(current)).toEqual(comments(text))
      if (current === text) return
      const [before, after] = [read(text), read(current)]
      expect(after.toolchainPaths).toEqual(before.toolchainPaths)
      expect(after.toolchainAliases).toEqual(before.toolchainAliases)
    }),
    { numRuns: 500 },
  )
  expect(done).toBeGreaterThan(200)
})

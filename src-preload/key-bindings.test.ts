import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CommandId, commands, type KeyScope } from './commands.ts'
import { acceleratorOf, commandOfKey, keysOf, keyText, shownKey } from './key-bindings.ts'

const plain = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const ids = Object.keys(commands) as CommandId[]

test('no scope has a key twice', () => {
  const all = ids.flatMap((id) => keysOf(id).map((key) => `${commands[id].scope} ${key}`))
  expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([])
})

test.each([
  ['AZERTY has signs where digits are', 'grid', { key: '&', code: 'Digit1' }, 'grid-solo'],
  ['and types them with Shift', 'grid', { key: '1', code: 'Digit1', shiftKey: true }, 'grid-solo'],
  ['what a key types goes before its place', 'grid', { key: '-', code: 'Digit6' }, 'grid-zoom-out'],
  ['AZERTY, the third tab', 'anywhere', { key: '"', code: 'Digit3', altKey: true }, 'show-summary'],
  ['Dvorak has n where others have l', 'grid', { key: 'n', code: 'KeyL' }, 'grid-next-failure'],
  ['and l where others have p', 'timeline', { key: 'l', code: 'KeyP' }, 'timeline-live'],
  [
    'Cyrillic letters count by their place',
    'grid',
    { key: '\u0442', code: 'KeyN' },
    'grid-next-failure',
  ],
  [
    'with Shift, too',
    'grid',
    { key: '\u0422', code: 'KeyN', shiftKey: true },
    'grid-previous-failure',
  ],
  [
    'Alt on a Mac makes signs of digits',
    'anywhere',
    { key: '\u00a1', code: 'Digit1', altKey: true },
    'show-grid',
  ],
  [
    '? needs Shift on most layouts',
    'anywhere',
    { key: '?', code: 'Slash', shiftKey: true },
    'help',
  ],
  ['Command is Ctrl on a Mac', 'log', { key: 'f', code: 'KeyF', metaKey: true }, 'log-find'],
  [
    'copying by what the key types',
    'terminal',
    { key: 'C', code: 'KeyI', ctrlKey: true, shiftKey: true },
    'terminal-copy',
  ],
] as const)('%s', (_what, scope, press, id) => {
  expect(commandOfKey(scope as KeyScope, { ...plain, ...press })?.id).toBe(id)
})

test.each([
  ['grid', { key: 'r', ctrlKey: true }],
  ['grid', { key: 'ArrowLeft', altKey: true }],
  ['grid', { key: 'x' }],
  ['log', { key: 'constructor' }],
] as const)('%s leaves %j alone', (scope, press) => {
  expect(commandOfKey(scope as KeyScope, { ...plain, ...press })).toBeNull()
})

test('keys are shown and given to menus as each of them has it', () => {
  expect(keyText('new-terminal')).toBe('Ctrl + Shift + T')
  expect(acceleratorOf('new-terminal')).toBe('CmdOrCtrl+Shift+T')
  expect([keyText('stop'), keyText('about'), shownKey('+')]).toEqual(['Ctrl + .', '', '+'])
})

test('no key is bound or told of anywhere else', () => {
  // What every widget of its kind does by itself (arrows, Enter, Escape, Delete) is no command.
  const own = /\.key === '[^'AEDH ]|\.key === 'F\d|event\.code|'Mod-(?!a')|Ctrl ?\+|CmdOrCtrl/
  const allowed = ['commands/shortcuts.ts']
  const files = [...sources('src-renderer'), ...sources('src-main/electron')]
  const found = files.filter(
    (file) => !allowed.some((end) => file.endsWith(end)) && own.test(readFileSync(file, 'utf8')),
  )
  expect(found).toEqual([])
})

function sources(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
    .map((file) => join(dir, file))
}

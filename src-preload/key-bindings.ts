import { type CommandId, type CommandOf, commands, commandsIn, type KeyScope } from './commands.ts'

/** What of a keyboard event decides which command it means. */
export type KeyPress = {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** The command whose key this is there, or null; `which` is the place of the key among its keys. */
export function commandOfKey<S extends KeyScope>(
  scope: S,
  press: KeyPress,
): { readonly id: CommandOf<S>; readonly which: number } | null {
  for (const wanted of [typed(press), placed(press)]) {
    const found = wanted === null ? undefined : bindingsOf(scope).get(wanted)
    if (found) return { id: found.id as CommandOf<S>, which: found.which }
  }
  return null
}

/** `Ctrl + K` as tooltips, menus and help show it; empty without a key. */
export function keyText(id: CommandId): string {
  const [key] = keysOf(id)
  return key === undefined ? '' : shownKey(key)
}

/** `Ctrl+K` as people read it. */
export function shownKey(key: string): string {
  const named: Readonly<Record<string, string>> = {
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    PageUp: 'PgUp',
    PageDown: 'PgDn',
    Escape: 'Esc',
    ' ': 'Space',
  }
  const { modifiers, last } = takenApart(key)
  return [...modifiers, named[last] ?? last].join(' + ')
}

/** `CmdOrCtrl+K` as Electron's menus take it; undefined without a key. */
export function acceleratorOf(id: CommandId): string | undefined {
  return keysOf(id)[0]?.replace('Ctrl', 'CmdOrCtrl')
}

/** The key by what it types: right on every layout, Dvorak and AZERTY too. */
function typed({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  // Shift is part of what a sign is already; with a letter beside Ctrl, or a key without a sign, it counts.
  const isSign = [...key].length === 1
  const name = isSign && (ctrlKey || metaKey) ? key.toUpperCase() : key
  const shift = shiftKey && (!isSign || ctrlKey || metaKey)
  return joined(ctrlKey || metaKey, altKey, shift, name)
}

/**
 * The key by its place, where what it types says nothing: digits of a layout that has signs there (AZERTY),
 * letters of one without Latin letters, and what Alt makes of them on a Mac.
 */
function placed({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string | null {
  const digit = /^Digit(\d)$/.exec(code)?.[1]
  if (digit !== undefined && !/^\d$/.test(key)) {
    return shiftKey ? null : joined(ctrlKey || metaKey, altKey, false, digit)
  }
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter === undefined || /^[\x20-\x7e]$/.test(key)) return null
  const control = ctrlKey || metaKey
  const name = control || shiftKey ? letter : letter.toLowerCase()
  return joined(control, altKey, control && shiftKey, name)
}

function joined(control: boolean, alt: boolean, shift: boolean, name: string): string {
  return `${control ? 'Ctrl+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${name}`
}

function takenApart(key: string): { modifiers: readonly string[]; last: string } {
  const found = /^((?:(?:Ctrl|Alt|Shift)\+)*)(.+)$/s.exec(key)
  const modifiers = (found?.[1] ?? '').split('+').filter((part) => part !== '')
  return { modifiers, last: found?.[2] ?? key }
}

type Found = { readonly id: CommandId; readonly which: number }

const byScope = new Map<KeyScope, ReadonlyMap<string, Found>>()

/** All keys of a scope; made once. */
function bindingsOf(scope: KeyScope): ReadonlyMap<string, Found> {
  const known = byScope.get(scope)
  if (known) return known
  const made = new Map(
    commandsIn(scope).flatMap((id) =>
      keysOf(id).map((key, which) => [key, { id, which }] as const),
    ),
  )
  byScope.set(scope, made)
  return made
}

export function keysOf(id: CommandId): readonly string[] {
  return commands[id].keys
}

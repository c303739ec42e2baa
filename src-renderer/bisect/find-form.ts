import type { BadRule } from '../../src-core/bisect/bad-rule.ts'
import type { BuildState } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'

/** What a person fills in to have a commit found. */
export type FindForm = {
  readonly kind: BadRule['kind']
  /** What each kind of rule needs beside its name, as it was typed. */
  readonly text: string
  readonly bytes: string
  readonly symbol: string
  readonly command: string
  /** Hash of the good end that was chosen; empty: `other` names it. */
  readonly good: string
  readonly other: string
  readonly boards: 'one' | 'alike' | 'same'
}

export const ruleTitles: Readonly<Record<BadRule['kind'], string>> = {
  fails: 'fails like this',
  warns: 'gives a warning that the good end does not give',
  says: 'says this',
  grows: 'has a larger image than at the good end',
  config: 'has another value of a Kconfig symbol than at the good end',
  changed: 'has not the images of the good end',
  command: 'makes a command fail',
}

/** Filled in from what a cell shows. */
export function firstForm(build: {
  readonly state: BuildState
  readonly firstErrors: readonly string[]
  readonly sizeChange: number
}): FindForm {
  return {
    kind: firstKind(build),
    text: messageIn(build.firstErrors[0] ?? ''),
    bytes: '0',
    ...{ symbol: '', command: '', good: '', other: '' },
    boards: 'alike',
  }
}

function firstKind({
  state,
  sizeChange,
}: {
  readonly state: BuildState
  readonly sizeChange: number
}): BadRule['kind'] {
  if (state === 'failed') return 'fails'
  if (state === 'warnings') return 'warns'
  return sizeChange > 0 ? 'grows' : 'changed'
}

/** `spl.c:7: error: no such thing` says `no such thing`. */
function messageIn(line: string): string {
  return line.replace(/^.*?\b(?:error|warning): /, '').trim()
}

export function ruleOf(form: FindForm): Result<BadRule> {
  switch (form.kind) {
    case 'fails':
    case 'warns':
    case 'changed':
      return ok({ kind: form.kind })
    case 'says':
      return form.text === ''
        ? fail('Say which text is looked for')
        : ok({ kind: 'says', text: form.text })
    case 'grows':
      return /^\d{1,9}$/.test(form.bytes)
        ? ok({ kind: 'grows', bytes: Number(form.bytes) })
        : fail('Say by how many bytes at least')
    case 'config': {
      const symbol = form.symbol.trim().replace(/^CONFIG_/, '')
      return /^\w{1,200}$/.test(symbol)
        ? ok({ kind: 'config', symbol })
        : fail('Name a Kconfig symbol')
    }
    case 'command':
      return form.command.trim() === ''
        ? fail('Say which command is run')
        : ok({ kind: 'command', command: form.command })
  }
}

/** The commit that the form names as good. */
export function goodOf({ good, other }: FindForm): Result<string> {
  if (good !== '') return ok(good)
  const name = other.trim()
  if (name === '') return fail('Name a commit that is good')
  return /^[^\s-]\S*$/.test(name) && !name.includes('..')
    ? ok(name)
    : fail(`"${name}" is not the name of one commit`)
}

/**
 * Kconfig's macro language: variables, functions, environment and `$(shell,...)`.
 * https://docs.kernel.org/kbuild/kconfig-macro-language.html
 */
import { ownValue } from '../../../src-core/basics/own-value.ts'
import { KconfigError, type KconfigPlace } from './kconfig-error.ts'

export type MacroSettings = {
  /** What `$(NAME)` gives where no variable has that name. */
  readonly environment: Readonly<Record<string, string>>
  /** Runs a command line of the tree and gives what it printed. */
  readonly shell: (command: string) => string
  /**
   * Set where no command is run: told of an `$(error-if,...)` that fires after a command was asked for.
   * Such a check (of a compiler, most often) is taken as passed; without this it ends the reading.
   */
  readonly onUnprovenError?: (problem: string) => void
}

type Expansion = { readonly value: string; readonly end: number }
type Variable = { value: string; recursive: boolean; depth: number }

const deepestRecursion = 100
/** Calls inside each other's arguments. */
const deepestNesting = 200

/** Characters. No honest macro comes near; one that doubles itself again and again would take all memory. */
const longestExpansion = 1 << 20

/**
 * Stands in for `$(shell,...)` where no command of a tree may run: as if every command
 * failed, and so as if there were no compiler, which is how buildman's scan finds it.
 */
export function refuseShell(command: string): string {
  return /\|\|\s*echo\s+"([^"]*)"\s*$/.exec(command)?.[1] ?? ''
}

/** The variables of one tree, and what its macros expand to. */
export class Macros {
  readonly #settings: MacroSettings
  readonly #variables = new Map<string, Variable>()
  #commandsAsked = 0

  constructor(settings: MacroSettings) {
    this.#settings = settings
  }

  /** Expands every `$(...)` of the text. */
  expand(text: string, place: KconfigPlace): string {
    return this.#expandWith(text, [], place)
  }

  /** Expands the `$(` at `start`; `end` is the index after its parenthesis. */
  expandAt(text: string, start: number, place: KconfigPlace): Expansion {
    return this.#expandCall(text, start, [], place)
  }

  assign(name: string, operator: string, value: string, place: KconfigPlace): void {
    const old = this.#variables.get(name)
    if (operator === '+=' && old !== undefined) {
      old.value += ` ${old.recursive ? value : this.expand(value, place)}`
    } else {
      // `+=` on a new name acts like `=`.
      const recursive = operator !== ':='
      const text = recursive ? value : this.expand(value, place)
      this.#variables.set(name, { value: text, recursive, depth: 0 })
    }
  }

  #expandWith(text: string, args: readonly string[], place: KconfigPlace): string {
    let start = text.indexOf('$(')
    if (start < 0) return text
    let done = 0
    let result = ''
    while (start >= 0) {
      const { value, end } = this.#expandCall(text, start, args, place)
      result += text.slice(done, start) + value
      if (result.length > longestExpansion)
        throw new KconfigError(place, 'a macro expands to too much')
      done = end
      start = text.indexOf('$(', end)
    }
    return result + text.slice(done)
  }

  /** Splits `$(name,arg,...)` at its own commas, expanding the macros inside on the way. */
  #expandCall(
    text: string,
    start: number,
    args: readonly string[],
    place: KconfigPlace,
    depth = 0,
  ): Expansion {
    if (depth > deepestNesting) throw new KconfigError(place, 'macro calls are nested too deep')
    const parts: string[] = []
    let part = ''
    let nesting = 0
    for (let i = start + 2; i < text.length; i++) {
      const char = text[i]
      if (char === '$' && text[i + 1] === '(') {
        const inner = this.#expandCall(text, i, args, place, depth + 1)
        part += inner.value
        i = inner.end - 1
      } else if (char === ')' && nesting === 0) {
        parts.push(part)
        return { value: this.#call(parts, args, place), end: i + 1 }
      } else if (char === ',' && nesting === 0) {
        parts.push(part)
        part = ''
      } else {
        if (char === '(') nesting++
        if (char === ')') nesting--
        part += char
      }
    }
    throw new KconfigError(place, 'a macro call has no closing parenthesis')
  }

  #call(parts: readonly string[], args: readonly string[], place: KconfigPlace): string {
    const [name = '', ...given] = parts
    const argument = /^\d+$/.test(name) ? args[Number(name)] : undefined
    if (argument !== undefined) return argument
    const variable = this.#variables.get(name)
    if (variable !== undefined) return this.#expandVariable(variable, parts, place)
    return this.#builtIn(name, given, place) ?? ownValue(this.#settings.environment, name) ?? ''
  }

  #expandVariable(variable: Variable, parts: readonly string[], place: KconfigPlace): string {
    const allowed = parts.length === 1 ? 0 : deepestRecursion
    if (variable.depth > allowed) {
      throw new KconfigError(place, `the macro ${parts[0]} expands to itself`)
    }
    variable.depth++
    const value = this.#expandWith(variable.value, parts, place)
    variable.depth--
    return value
  }

  #builtIn(name: string, args: readonly string[], place: KconfigPlace): string | undefined {
    switch (name) {
      case 'shell':
        this.#commandsAsked++
        return this.#settings.shell(args.join(',')).replace(/\n+$/, '').replaceAll('\n', ' ')
      case 'error-if':
        if (args[0] === 'y') this.#refuse(args.slice(1).join(','), place)
        return ''
      case 'info':
      case 'warning-if':
        return ''
      case 'filename':
        return place.file
      case 'lineno':
        return String(place.line)
      default:
        return undefined
    }
  }

  #refuse(problem: string, place: KconfigPlace): void {
    const { onUnprovenError } = this.#settings
    if (this.#commandsAsked === 0 || onUnprovenError === undefined) {
      throw new KconfigError(place, problem || 'error-if')
    }
    onUnprovenError(`${place.file}:${place.line}: ${problem}`)
  }
}

/** Reads a tree's Kconfig files into a model. */
import { type ChoiceEntry, joinChoice } from './kconfig-choice.ts'
import { KconfigError } from './kconfig-error.ts'
import { atEnd, expectEnd, expectToken, parseWholeCondition } from './kconfig-expression.ts'
import { type MacroSettings, Macros } from './kconfig-macros.ts'
import {
  and,
  type Choice,
  createSymbolTable,
  type KconfigModel,
  newDefinition,
} from './kconfig-model.ts'
import {
  type Entry,
  type PropertyContext,
  type PropertyScope,
  parseProperties,
} from './kconfig-properties.ts'
import { readStatements, type Statement, type StatementReader } from './kconfig-statements.ts'

/** Access to the tree's files; paths are relative to the tree, with `/`. */
export type KconfigFiles = {
  /** The file's text, or null if there is no such file. */
  readonly read: (path: string) => string | null
  /** Files that match the glob pattern, sorted; a pattern without wildcards gives itself if it exists. */
  readonly match: (pattern: string) => readonly string[]
}

export type KconfigSettings = MacroSettings & {
  /** Told of a file that is sourced and not there, as some trees' `conf` goes on; else it ends the reading. */
  readonly onMissingFile?: (problem: string) => void
}

/** Files, menus and conditions inside each other. A tree has about ten. */
const deepestBlock = 200

/**
 * Reads `root` and every file that it sources.
 * @throws KconfigError with file and line where the text cannot be understood
 */
export function parseKconfig(
  files: KconfigFiles,
  settings: KconfigSettings,
  root = 'Kconfig',
): KconfigModel {
  return new KconfigParser(files, settings).parse(root)
}

/** What has been read so far of one tree. */
class KconfigParser {
  readonly #files: KconfigFiles
  readonly #settings: KconfigSettings
  readonly #table = createSymbolTable()
  readonly #context: PropertyContext
  readonly #macros: Macros
  readonly #namedChoices = new Map<string, Choice>()
  readonly #openFiles = new Set<string>()
  #choiceCount = 0
  #depth = 0

  constructor(files: KconfigFiles, settings: KconfigSettings) {
    this.#files = files
    this.#settings = settings
    this.#context = { table: this.#table, environment: settings.environment }
    this.#macros = new Macros(settings)
  }

  parse(root: string): KconfigModel {
    this.#parseFile(root, { dependency: null, visibleIf: null, entries: null }, null)
    return {
      modules: this.#table.symbol('MODULES'),
      symbols: this.#table.symbols,
      symbolCount: this.#table.size(),
      choiceCount: this.#choiceCount,
    }
  }

  #parseFile(path: string, scope: PropertyScope, from: Statement | null): void {
    const place = from?.place ?? { file: path, line: 1 }
    if (this.#openFiles.has(path)) throw new KconfigError(place, `${path} sources itself`)
    const text = this.#files.read(path)
    if (text === null) throw new KconfigError(place, `cannot read ${path}`)
    this.#openFiles.add(path)
    this.#parseBlock(readStatements(path, text, this.#macros), scope, null)
    this.#openFiles.delete(path)
  }

  /** Statements up to `end` (`endif`, ...), or to the end of the file. */
  #parseBlock(reader: StatementReader, scope: PropertyScope, end: string | null): void {
    this.#depth += 1
    if (this.#depth > deepestBlock) throw new KconfigError(reader.place(), 'it is nested too deep')
    this.#parseStatements(reader, scope, end)
    this.#depth -= 1
  }

  #parseStatements(reader: StatementReader, scope: PropertyScope, end: string | null): void {
    for (let statement = reader.next(); statement !== null; statement = reader.next()) {
      if (statement.keyword === end) {
        expectEnd(statement)
        return
      }
      this.#parseStatement(statement, reader, scope)
    }
    if (end !== null)
      throw new KconfigError(reader.place(), `"${end}" is missing at the file's end`)
  }

  #parseStatement(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    switch (statement.keyword) {
      case 'config':
      case 'menuconfig':
        this.#parseConfig(statement, reader, scope)
        break
      case 'choice':
        this.#parseChoice(statement, reader, scope)
        break
      case 'if':
        this.#parseIf(statement, reader, scope)
        break
      case 'menu':
        this.#parseMenu(statement, reader, scope)
        break
      case 'comment':
        this.#parseComment(statement, reader, scope)
        break
      case 'mainmenu':
        break
      case 'source':
      case 'rsource':
      case 'osource':
      case 'orsource':
        this.#parseSource(statement, scope)
        break
      default:
        throw new KconfigError(statement.place, `"${statement.keyword}" does not belong here`)
    }
  }

  #parseComment(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    expectToken(statement, 'a text')
    parseProperties(reader, otherEntry(scope), this.#context)
  }

  #parseSource(statement: Statement, scope: PropertyScope): void {
    const { keyword, place } = statement
    let pattern = expectToken(statement, 'a file name').text
    expectEnd(statement)
    if (keyword.endsWith('rsource')) {
      pattern = place.file.replace(/[^/]*$/, '') + pattern
    }
    const paths = this.#files.match(pattern)
    if (paths.length === 0 && !keyword.startsWith('o')) {
      const error = new KconfigError(place, `there is no file "${pattern}"`)
      const { onMissingFile } = this.#settings
      if (onMissingFile === undefined) throw error
      onMissingFile(error.message)
    }
    for (const path of paths) this.#parseFile(path, scope, statement)
  }

  #parseConfig(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    const symbol = this.#table.symbol(expectToken(statement, 'a name').text)
    expectEnd(statement)
    const definition = newDefinition()
    symbol.definitions.push(definition)
    const entry = { definition, scope, symbol, choice: null, visibleIf: null }
    parseProperties(reader, entry, this.#context)
    scope.entries?.push({ kind: 'config', symbol, definition })
  }

  #parseChoice(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    const choice = atEnd(statement)
      ? this.#newChoice()
      : this.#namedChoice(expectToken(statement, 'a name').text)
    expectEnd(statement)
    const definition = newDefinition()
    choice.definitions.push(definition)
    const entry = { definition, scope, symbol: null, choice, visibleIf: null }
    parseProperties(reader, entry, this.#context)
    const entries: ChoiceEntry[] = []
    const inner = {
      dependency: { op: 'choice', choice },
      visibleIf: scope.visibleIf,
      entries,
    } as const
    this.#parseBlock(reader, inner, 'endchoice')
    joinChoice(choice, entries)
    scope.entries?.push({ kind: 'other', definition })
  }

  #namedChoice(name: string): Choice {
    const choice = this.#namedChoices.get(name) ?? this.#newChoice()
    this.#namedChoices.set(name, choice)
    return choice
  }

  #newChoice(): Choice {
    const index = this.#choiceCount++
    return { index, type: 'unknown', optional: false, definitions: [], members: [] }
  }

  #parseIf(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    const condition = parseWholeCondition(statement, this.#table)
    const dependency = and(condition, scope.dependency)
    const entries: ChoiceEntry[] | null = scope.entries && []
    this.#parseBlock(reader, { dependency, visibleIf: scope.visibleIf, entries }, 'endif')
    if (entries !== null) {
      const definition = { ...newDefinition(), dependency }
      scope.entries?.push({ kind: 'if', definition, entries })
    }
  }

  #parseMenu(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    expectToken(statement, 'a title')
    const menu = otherEntry(scope)
    parseProperties(reader, menu, this.#context)
    const { dependency } = menu.definition
    const visibleIf = and(menu.visibleIf, scope.visibleIf)
    this.#parseBlock(reader, { dependency, visibleIf, entries: null }, 'endmenu')
  }
}

function otherEntry(scope: PropertyScope): Entry {
  const definition = newDefinition()
  scope.entries?.push({ kind: 'other', definition })
  return { definition, scope, symbol: null, choice: null, visibleIf: null }
}

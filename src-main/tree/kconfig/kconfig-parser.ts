/** Reads a tree's Kconfig files into a model. */
import { type ChoiceEntry, joinChoice } from './kconfig-choice.ts'
import { KconfigError } from './kconfig-error.ts'
import { atEnd, expectEnd, expectToken, parseWholeCondition } from './kconfig-expression.ts'
import { createMacros, type MacroSettings } from './kconfig-macros.ts'
import {
  and,
  type Choice,
  createSymbolTable,
  type KconfigModel,
  newDefinition,
} from './kconfig-model.ts'
import { type Entry, type PropertyScope, parseProperties } from './kconfig-properties.ts'
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

type StatementParser = (statement: Statement, reader: StatementReader, scope: PropertyScope) => void

/**
 * Reads `root` and every file that it sources.
 * @throws KconfigError with file and line where the text cannot be understood
 */
export function parseKconfig(
  files: KconfigFiles,
  settings: KconfigSettings,
  root = 'Kconfig',
): KconfigModel {
  const table = createSymbolTable()
  const context = { table, environment: settings.environment }
  const macros = createMacros(settings)
  const namedChoices = new Map<string, Choice>()
  const openFiles = new Set<string>()
  let choiceCount = 0
  let depth = 0

  function parseFile(path: string, scope: PropertyScope, from: Statement | null): void {
    const place = from?.place ?? { file: path, line: 1 }
    if (openFiles.has(path)) throw new KconfigError(place, `${path} sources itself`)
    const text = files.read(path)
    if (text === null) throw new KconfigError(place, `cannot read ${path}`)
    openFiles.add(path)
    parseBlock(readStatements(path, text, macros), scope, null)
    openFiles.delete(path)
  }

  /** Statements up to `end` (`endif`, ...), or to the end of the file. */
  function parseBlock(reader: StatementReader, scope: PropertyScope, end: string | null): void {
    depth += 1
    if (depth > deepestBlock) throw new KconfigError(reader.place(), 'it is nested too deep')
    parseStatements(reader, scope, end)
    depth -= 1
  }

  function parseStatements(
    reader: StatementReader,
    scope: PropertyScope,
    end: string | null,
  ): void {
    for (let statement = reader.next(); statement !== null; statement = reader.next()) {
      if (statement.keyword === end) {
        expectEnd(statement)
        return
      }
      const parse = parsers[statement.keyword]
      if (parse === undefined) {
        throw new KconfigError(statement.place, `"${statement.keyword}" does not belong here`)
      }
      parse(statement, reader, scope)
    }
    if (end !== null)
      throw new KconfigError(reader.place(), `"${end}" is missing at the file's end`)
  }

  function parseComment(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    expectToken(statement, 'a text')
    parseProperties(reader, otherEntry(scope), context)
  }

  function parseSource(statement: Statement, _reader: StatementReader, scope: PropertyScope): void {
    const { keyword, place } = statement
    let pattern = expectToken(statement, 'a file name').text
    expectEnd(statement)
    if (keyword.endsWith('rsource')) {
      pattern = place.file.replace(/[^/]*$/, '') + pattern
    }
    const paths = files.match(pattern)
    if (paths.length === 0 && !keyword.startsWith('o')) {
      const error = new KconfigError(place, `there is no file "${pattern}"`)
      if (settings.onMissingFile === undefined) throw error
      settings.onMissingFile(error.message)
    }
    for (const path of paths) parseFile(path, scope, statement)
  }

  function parseConfig(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    const symbol = table.symbol(expectToken(statement, 'a name').text)
    expectEnd(statement)
    const definition = newDefinition()
    symbol.definitions.push(definition)
    parseProperties(reader, { definition, scope, symbol, choice: null, visibleIf: null }, context)
    scope.entries?.push({ kind: 'config', symbol, definition })
  }

  function parseChoice(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    const choice = atEnd(statement)
      ? newChoice()
      : namedChoice(expectToken(statement, 'a name').text)
    expectEnd(statement)
    const definition = newDefinition()
    choice.definitions.push(definition)
    parseProperties(reader, { definition, scope, symbol: null, choice, visibleIf: null }, context)
    const entries: ChoiceEntry[] = []
    const inner = {
      dependency: { op: 'choice', choice },
      visibleIf: scope.visibleIf,
      entries,
    } as const
    parseBlock(reader, inner, 'endchoice')
    joinChoice(choice, entries)
    scope.entries?.push({ kind: 'other', definition })
  }

  function namedChoice(name: string): Choice {
    const choice = namedChoices.get(name) ?? newChoice()
    namedChoices.set(name, choice)
    return choice
  }

  function newChoice(): Choice {
    return { index: choiceCount++, type: 'unknown', optional: false, definitions: [], members: [] }
  }

  function parseIf(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    const condition = parseWholeCondition(statement, table)
    const dependency = and(condition, scope.dependency)
    const entries: ChoiceEntry[] | null = scope.entries && []
    parseBlock(reader, { dependency, visibleIf: scope.visibleIf, entries }, 'endif')
    if (entries !== null) {
      const definition = { ...newDefinition(), dependency }
      scope.entries?.push({ kind: 'if', definition, entries })
    }
  }

  function parseMenu(statement: Statement, reader: StatementReader, scope: PropertyScope): void {
    expectToken(statement, 'a title')
    const menu = otherEntry(scope)
    parseProperties(reader, menu, context)
    const { dependency } = menu.definition
    const visibleIf = and(menu.visibleIf, scope.visibleIf)
    parseBlock(reader, { dependency, visibleIf, entries: null }, 'endmenu')
  }

  function otherEntry(scope: PropertyScope): Entry {
    const definition = newDefinition()
    scope.entries?.push({ kind: 'other', definition })
    return { definition, scope, symbol: null, choice: null, visibleIf: null }
  }

  const parsers: Readonly<Record<string, StatementParser>> = {
    config: parseConfig,
    menuconfig: parseConfig,
    choice: parseChoice,
    if: parseIf,
    menu: parseMenu,
    comment: parseComment,
    mainmenu: () => undefined,
    source: parseSource,
    rsource: parseSource,
    osource: parseSource,
    orsource: parseSource,
  }

  parseFile(root, { dependency: null, visibleIf: null, entries: null }, null)
  return {
    modules: table.symbol('MODULES'),
    symbols: table.symbols,
    symbolCount: table.size(),
    choiceCount,
  }
}

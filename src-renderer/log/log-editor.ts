import {
  closeSearchPanel,
  getSearchQuery,
  openSearchPanel,
  SearchQuery,
  search,
  searchPanelOpen,
  setSearchQuery,
} from '@codemirror/search'
import { Compartment, EditorState, type Extension, Text } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import type { Diagnosis } from '../../src-preload/contract.ts'
import { commandOfKey, type KeyPress } from '../../src-preload/key-bindings.ts'
import {
  countMatches,
  type Match,
  nextMatch,
  patternOf,
  previousMatch,
  type SearchWish,
} from './find.ts'
import { logMarks, markLines } from './log-marks.ts'

export type LogEvents = {
  /** The line that the cursor stands in, from 1. */
  readonly onLine: (line: number) => void
  /** Where the search bar belongs while it is open. */
  readonly onSearch: (place: HTMLElement | null) => void
  /** A key that the log itself does not know; true if it meant something. */
  readonly onKey: (key: KeyPress) => boolean
  /** A line was asked to be opened in the user's editor. */
  readonly onOpen: (line: number) => void
}

/** A live log is followed while its end is at most this many pixels away. */
const nearEnd = 40

/**
 * A log to read, of any length: only the lines in view are drawn. Read only, but with a cursor, so
 * that a keyboard can move and select in it.
 */
export class LogEditor {
  private readonly view: EditorView
  private readonly extensions: Extension
  private readonly wrapping = new Compartment()
  private wrapped = true
  /** The document as one text, offsets alike: what is searched. */
  private text = ''
  private pattern: RegExp | null = null

  constructor(parent: HTMLElement, label: string, events: LogEvents) {
    this.extensions = [
      EditorState.lineSeparator.of('\n'),
      EditorState.readOnly.of(true),
      this.wrapping.of(EditorView.lineWrapping),
      lineNumbers(),
      logMarks(),
      highlightActiveLine(),
      searching(events),
      keys(events, (by) => this.findNext(by)),
      EditorView.contentAttributes.of({
        'aria-label': label,
        'aria-readonly': 'true',
        tabindex: '0',
        spellcheck: 'false',
      }),
      EditorView.updateListener.of(({ state, selectionSet, docChanged }) => {
        if (selectionSet || docChanged) events.onLine(cursorLine(state))
      }),
    ]
    this.view = new EditorView({ parent, state: this.stateOf('') })
  }

  /** Shows another text, from its beginning. */
  setText(text: string): void {
    const open = searchPanelOpen(this.view.state)
    const query = getSearchQuery(this.view.state)
    this.text = text
    this.view.setState(this.stateOf(text))
    if (!open) return
    openSearchPanel(this.view)
    this.view.dispatch({ effects: setSearchQuery.of(query) })
  }

  /** Adds text at the end, and stays at the end if it was there. */
  append(text: string): void {
    const { scrollDOM, state } = this.view
    const away = scrollDOM.scrollHeight - scrollDOM.scrollTop - scrollDOM.clientHeight
    const end = state.doc.length
    this.text += text
    this.view.dispatch({
      changes: { from: end, insert: text },
      ...(away < nearEnd && { effects: EditorView.scrollIntoView(end + text.length) }),
    })
  }

  mark(diagnostics: readonly Diagnosis[]): void {
    this.view.dispatch({ effects: markLines(diagnostics) })
  }

  /** Puts the cursor at the beginning of a line (from 1) and the line in the middle. */
  goTo(line: number): void {
    const { doc } = this.view.state
    const { from } = doc.line(Math.min(doc.lines, Math.max(1, line)))
    this.view.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    })
  }

  goToEnd(): void {
    const end = this.view.state.doc.length
    this.view.dispatch({ effects: EditorView.scrollIntoView(end) })
  }

  wrap(on: boolean): void {
    this.wrapped = on
    this.view.dispatch({ effects: this.wrapping.reconfigure(on ? EditorView.lineWrapping : []) })
  }

  openSearch(): void {
    openSearchPanel(this.view)
  }

  closeSearch(): void {
    closeSearchPanel(this.view)
    this.view.focus()
  }

  /**
   * Searches from the cursor on and shows the first match. Counts up to `mostCounted` of them;
   * null for a regular expression that is none.
   */
  find(wish: SearchWish): number | null {
    const pattern = wish.text === '' ? undefined : patternOf(wish)
    this.pattern = pattern ?? null
    const query = new SearchQuery({
      search: pattern ? wish.text : '',
      caseSensitive: wish.matchCase,
      regexp: wish.regexp,
      literal: true,
    })
    this.view.dispatch({ effects: setSearchQuery.of(query) })
    if (pattern === null) return null
    if (pattern === undefined) return 0
    this.show(nextMatch(this.text, pattern, this.view.state.selection.main.from))
    return countMatches(this.text, pattern)
  }

  findNext(by: 1 | -1): void {
    const { main } = this.view.state.selection
    if (!this.pattern) return
    this.show(
      by > 0
        ? nextMatch(this.text, this.pattern, main.to)
        : previousMatch(this.text, this.pattern, main.from),
    )
  }

  private show(match: Match | null): void {
    if (!match) return
    this.view.dispatch({
      selection: { anchor: match.from, head: match.to },
      effects: EditorView.scrollIntoView(match.from, { y: 'center' }),
    })
  }

  focus(): void {
    this.view.focus()
  }

  /** A line of the log, from 1; empty where there is none. */
  lineText(line: number): string {
    const { doc } = this.view.state
    return line >= 1 && line <= doc.lines ? doc.line(line).text : ''
  }

  dispose(): void {
    this.view.destroy()
  }

  private stateOf(text: string): EditorState {
    const state = EditorState.create({
      doc: Text.of(text.split('\n')),
      extensions: this.extensions,
    })
    return this.wrapped ? state : state.update({ effects: this.wrapping.reconfigure([]) }).state
  }
}

function cursorLine(state: EditorState): number {
  return state.doc.lineAt(state.selection.main.head).number
}

/** The bar itself is drawn by React, in the place that this opens for it. */
function searching(events: LogEvents): Extension {
  return search({
    top: true,
    createPanel: () => {
      const dom = document.createElement('div')
      dom.className = 'log-search'
      return {
        dom,
        top: true,
        mount: () => events.onSearch(dom),
        destroy: () => events.onSearch(null),
      }
    },
  })
}

function keys(events: LogEvents, findNext: (by: 1 | -1) => void): Extension {
  const step = (by: 1 | -1) => {
    findNext(by)
    return true
  }
  const openLine = (view: EditorView) => {
    events.onOpen(cursorLine(view.state))
    return true
  }
  return [
    keymap.of([
      { key: 'F3', run: () => step(1), shift: () => step(-1), preventDefault: true },
      { key: 'Enter', run: openLine },
      {
        key: 'Mod-a',
        run: (view) => {
          view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } })
          return true
        },
      },
      { key: 'Escape', run: closeSearchPanel },
    ]),
    EditorView.domEventHandlers({
      keydown: (event, view) =>
        commandOfKey('log', event)?.id === 'log-find' ? openSearchPanel(view) : events.onKey(event),
      click: (event, view) => {
        if (!event.ctrlKey && !event.metaKey) return false
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY })
        if (at === null) return false
        events.onOpen(view.state.doc.lineAt(at).number)
        return true
      },
    }),
  ]
}

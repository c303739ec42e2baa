import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import { commandOfKey } from '../../src-preload/key-bindings.ts'
import '@xterm/xterm/css/xterm.css'
import type { Screen } from '../state/terminal-store.ts'

export type ScreenEvents = {
  readonly onInput: (text: string) => void
  readonly onSize: (cols: number, rows: number) => void
  readonly onCopy: (text: string) => void
  /** The person wants to go on elsewhere with the keyboard. */
  readonly onLeave: () => void
}

const scrollback = 20_000

/** An xterm.js terminal that can be taken out of the page and put back with all it shows. */
export class TerminalScreen implements Screen {
  private readonly terminal: Terminal
  private readonly fitter = new FitAddon()
  private readonly element = document.createElement('div')

  constructor(events: ScreenEvents) {
    this.element.className = 'terminal-screen'
    this.terminal = new Terminal({
      scrollback,
      fontSize: 12,
      lineHeight: 1.2,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      minimumContrastRatio: 4.5,
      allowProposedApi: false,
    })
    this.terminal.loadAddon(this.fitter)
    this.terminal.onData(events.onInput)
    this.terminal.onBinary(events.onInput)
    this.terminal.onResize(({ cols, rows }) => events.onSize(cols, rows))
    this.terminal.attachCustomKeyEventHandler((event) => this.press(event, events))
  }

  /** Shows it in an element that has its size already. */
  mount(parent: HTMLElement): void {
    parent.append(this.element)
    if (!this.terminal.element) this.terminal.open(this.element)
    this.fit()
  }

  unmount(): void {
    this.element.remove()
  }

  fit(): void {
    if (this.element.clientHeight > 0) this.fitter.fit()
  }

  focus(): void {
    this.terminal.focus()
  }

  setTheme(theme: ITheme): void {
    this.terminal.options.theme = theme
  }

  write(text: string, drawn: () => void): void {
    this.terminal.write(text, drawn)
  }

  dispose(): void {
    this.terminal.dispose()
    this.element.remove()
  }

  /** False for keys that the program in the terminal shall not get. */
  private press(event: KeyboardEvent, events: ScreenEvents): boolean {
    const id = commandOfKey('terminal', event)?.id
    const down = event.type === 'keydown'
    if (id === 'terminal-leave') {
      if (down) events.onLeave()
      return false
    }
    if (id === 'terminal-copy' && down && this.terminal.hasSelection()) {
      events.onCopy(this.terminal.getSelection())
    }
    // Ctrl with Shift belongs to the terminal's window: pasting is the browser's own.
    return !(event.ctrlKey && event.shiftKey)
  }
}

/** The terminal's colours, from the style sheet's; the sixteen of programs are made readable by xterm.js. */
export function readTerminalTheme(element: HTMLElement): ITheme {
  const probe = document.createElement('span')
  probe.hidden = true
  element.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const theme = {
    background: colour('--sunken'),
    foreground: colour('--ink'),
    cursor: colour('--ink'),
    cursorAccent: colour('--sunken'),
    selectionBackground: colour('--line-strong'),
    red: '#d3364a',
    green: '#3f9142',
    yellow: '#b08a00',
    blue: '#3b74d1',
    magenta: '#a44cc0',
    cyan: '#1f8f9c',
  }
  probe.remove()
  return theme
}

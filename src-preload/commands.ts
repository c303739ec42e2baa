/**
 * The one place that says what can be asked for by name or by key, where and when: the native menu, the
 * palette, the window's menus, the help, tooltips and every pane read it. A key is `Ctrl+K` (Command on a
 * Mac) or what it types: `n`, `N`, `?`. What a command does is found by its id, in the room that it belongs
 * to. The palette shows the commands of `anywhere` in this order: what one wants most often comes first.
 */
export const commands = {
  build: { scope: 'anywhere', title: 'Build', keys: ['Ctrl+B'], when: ['not running'] },
  pause: { scope: 'anywhere', title: 'Pause the run', keys: [], when: ['running', 'not paused'] },
  resume: { scope: 'anywhere', title: 'Go on with the run', keys: [], when: ['running', 'paused'] },
  stop: { scope: 'anywhere', title: 'Stop the run', keys: ['Ctrl+.'], when: ['running'] },
  'rerun-failed': {
    scope: 'anywhere',
    title: 'Build the failed boards again',
    keys: [],
    when: ['finished', 'something failed', 'not a sent run'],
  },
  'build-left': {
    scope: 'anywhere',
    title: 'Go on with what is left of the run',
    keys: [],
    when: ['finished', 'something is left', 'not a sent run'],
  },
  'find-commit': {
    scope: 'anywhere',
    title: 'Find the commit that did this …',
    keys: [],
    when: ['a build is in focus', 'not a sent run'],
  },
  newest: {
    scope: 'anywhere',
    title: 'Back to the newest run',
    keys: [],
    when: ['showing an older run'],
  },
  'save-report': {
    scope: 'anywhere',
    title: 'Save a report …',
    keys: [],
    when: ['finished'],
  },
  'save-run': {
    scope: 'anywhere',
    title: 'Save the run as a file …',
    keys: [],
    when: ['finished', 'not a sent run'],
  },
  'open-run': { scope: 'anywhere', title: 'Open a run from a file …', keys: [] },
  'open-tree': { scope: 'anywhere', title: 'Open a tree …', keys: ['Ctrl+O'] },
  'show-plan': { scope: 'anywhere', title: 'Show the plan', keys: ['Alt+0'] },
  'show-grid': { scope: 'anywhere', title: 'Show the grid', keys: ['Alt+1'] },
  'show-timeline': { scope: 'anywhere', title: 'Show the timeline', keys: ['Alt+2'] },
  'show-boards': { scope: 'anywhere', title: 'Show the table of boards', keys: ['Alt+7'] },
  'show-summary': { scope: 'anywhere', title: 'Show the summary', keys: ['Alt+3'] },
  'find-line': {
    scope: 'anywhere',
    title: 'Find the boards that compile a line …',
    keys: [],
    when: ['lines were noted', 'not a sent run'],
  },
  'show-history': { scope: 'anywhere', title: 'Show the history', keys: ['Ctrl+H', 'Alt+4'] },
  'show-terminals': { scope: 'anywhere', title: 'Show the terminals', keys: ['Alt+5'] },
  'show-bisect': {
    scope: 'anywhere',
    title: 'Show the search for a commit',
    keys: ['Alt+6'],
    when: ['a search is there'],
  },
  'hide-launch': {
    scope: 'anywhere',
    title: 'Hide what to build',
    keys: [],
    when: ['showing what to build'],
  },
  'show-launch': {
    scope: 'anywhere',
    title: 'Show what to build',
    keys: [],
    when: ['not showing what to build'],
  },
  'hide-machines': {
    scope: 'anywhere',
    title: 'Hide the machines',
    keys: [],
    when: ['showing the machines'],
  },
  'show-machines': {
    scope: 'anywhere',
    title: 'Show the machines',
    keys: [],
    when: ['not showing the machines'],
  },
  'new-terminal': {
    scope: 'anywhere',
    title: 'New terminal in the tree',
    keys: ['Ctrl+Shift+T'],
    when: ['a tree is open'],
  },
  'terminal-on': {
    scope: 'anywhere',
    title: 'New terminal on {machine}',
    keys: [],
    each: 'machine reached by SSH',
  },
  'show-alone': {
    scope: 'anywhere',
    title: 'Show {machine} alone',
    keys: [],
    each: 'machine',
  },
  probe: { scope: 'anywhere', title: 'Probe all machines again', keys: [] },
  'add-machine': { scope: 'anywhere', title: 'Add a machine', keys: [] },
  'fetch-compilers': {
    scope: 'anywhere',
    title: 'Fetch the missing compilers …',
    keys: [],
    when: ['compilers are missing'],
  },
  'compare-machines': { scope: 'anywhere', title: 'Are my machines alike? …', keys: [] },
  'kill-workers': { scope: 'anywhere', title: 'Stale workers …', keys: [] },
  settings: { scope: 'anywhere', title: 'Settings …', keys: ['Ctrl+,'] },
  'theme-light': { scope: 'anywhere', title: 'Light theme', keys: [] },
  'theme-dark': { scope: 'anywhere', title: 'Dark theme', keys: [] },
  'theme-system': { scope: 'anywhere', title: "The system's theme", keys: [] },
  palette: { scope: 'anywhere', title: 'Commands …', keys: ['Ctrl+K'], isUnlisted: true },
  help: { scope: 'anywhere', title: 'Keyboard help', keys: ['F1', '?'] },
  'report-problem': { scope: 'anywhere', title: 'Report a problem …', keys: [] },
  about: { scope: 'anywhere', title: 'About Slipway', keys: [] },
  escape: {
    scope: 'anywhere',
    title: 'close the details, then clear selection and filters',
    keys: ['Escape'],
    isUnlisted: true,
  },

  'grid-left': { scope: 'grid', title: 'one cell left', keys: ['ArrowLeft', 'Shift+ArrowLeft'] },
  'grid-right': {
    scope: 'grid',
    title: 'one cell right',
    keys: ['ArrowRight', 'Shift+ArrowRight'],
  },
  'grid-up': { scope: 'grid', title: 'one row up', keys: ['ArrowUp', 'Shift+ArrowUp'] },
  'grid-down': { scope: 'grid', title: 'one row down', keys: ['ArrowDown', 'Shift+ArrowDown'] },
  'grid-home': { scope: 'grid', title: 'to the first', keys: ['Home', 'Shift+Home'] },
  'grid-end': { scope: 'grid', title: 'to the last', keys: ['End', 'Shift+End'] },
  'grid-page-up': { scope: 'grid', title: 'a page up', keys: ['PageUp', 'Shift+PageUp'] },
  'grid-page-down': { scope: 'grid', title: 'a page down', keys: ['PageDown', 'Shift+PageDown'] },
  'grid-next-failure': { scope: 'grid', title: 'next failure', keys: ['n'] },
  'grid-previous-failure': { scope: 'grid', title: 'previous failure', keys: ['N'] },
  'grid-open': { scope: 'grid', title: 'open the log at its first error', keys: ['Enter'] },
  'grid-select': { scope: 'grid', title: 'select', keys: [' '] },
  'grid-rerun': {
    scope: 'grid',
    title: 'build the selection again, or what failed',
    keys: ['r'],
  },
  'grid-menu': { scope: 'grid', title: 'menu of the build', keys: ['Shift+F10', 'ContextMenu'] },
  'grid-find-commit': { scope: 'grid', title: 'find the commit that did it', keys: ['b'] },
  'grid-failures-first': { scope: 'grid', title: 'put the boards that failed first', keys: ['f'] },
  'grid-filter': { scope: 'grid', title: 'filter', keys: ['/'] },
  'grid-zoom-in': { scope: 'grid', title: 'larger', keys: ['+', '='] },
  'grid-zoom-out': { scope: 'grid', title: 'smaller', keys: ['-'] },
  'grid-zoom-fit': { scope: 'grid', title: 'as large as lets all be seen', keys: ['0'] },
  'grid-solo': {
    scope: 'grid',
    title: 'one machine alone',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  },
  'grid-escape': {
    scope: 'grid',
    title: 'close the details, then clear selection and filters',
    keys: ['Escape'],
  },

  'log-next-error': { scope: 'log', title: 'next error', keys: ['e'] },
  'log-previous-error': { scope: 'log', title: 'previous error', keys: ['E'] },
  'log-next-failing': { scope: 'log', title: 'next failed build', keys: ['n'] },
  'log-previous-failing': { scope: 'log', title: 'previous failed build', keys: ['N'] },
  'log-open-in-editor': {
    scope: 'log',
    title: 'open the line in your editor',
    keys: ['o', 'Enter'],
  },
  'log-copy-command': {
    scope: 'log',
    title: 'copy the command that does the same by hand',
    keys: ['c'],
  },
  'log-rerun': { scope: 'log', title: 'build it again', keys: ['r'] },
  'log-find-commit': { scope: 'log', title: 'find the commit that did it', keys: ['b'] },
  'log-terminal': { scope: 'log', title: 'terminal in its output folder', keys: ['t'] },
  'log-find': { scope: 'log', title: 'find', keys: ['/', 'Ctrl+F'] },
  'log-find-step': { scope: 'log', title: 'next and previous match', keys: ['F3', 'Shift+F3'] },
  'log-close': { scope: 'log', title: 'back to the grid', keys: ['Escape'] },

  'timeline-zoom-in': { scope: 'timeline', title: 'zoom in', keys: ['w', '+'] },
  'timeline-zoom-out': { scope: 'timeline', title: 'zoom out', keys: ['s', '-'] },
  'timeline-earlier': { scope: 'timeline', title: 'move earlier', keys: ['a'] },
  'timeline-later': { scope: 'timeline', title: 'move later', keys: ['d'] },
  'timeline-all': { scope: 'timeline', title: 'the whole run', keys: ['0'] },
  'timeline-live': { scope: 'timeline', title: 'its live end', keys: ['l'] },
  'timeline-next-failure': { scope: 'timeline', title: 'next failure', keys: ['n'] },
  'timeline-previous-failure': { scope: 'timeline', title: 'previous failure', keys: ['N'] },
  'timeline-step-earlier': { scope: 'timeline', title: 'the build before', keys: ['ArrowLeft'] },
  'timeline-step-later': { scope: 'timeline', title: 'the build after', keys: ['ArrowRight'] },
  'timeline-step-up': { scope: 'timeline', title: 'the slot above', keys: ['ArrowUp'] },
  'timeline-step-down': { scope: 'timeline', title: 'the slot below', keys: ['ArrowDown'] },
  'timeline-step-first': {
    scope: 'timeline',
    title: 'the first build of the slot',
    keys: ['Home'],
  },
  'timeline-step-last': { scope: 'timeline', title: 'the last build of the slot', keys: ['End'] },
  'timeline-open': { scope: 'timeline', title: 'open the log', keys: ['Enter'] },
  'timeline-solo': {
    scope: 'timeline',
    title: 'one machine alone',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  },
  'timeline-escape': { scope: 'timeline', title: 'close the details', keys: ['Escape'] },

  'terminal-copy': { scope: 'terminal', title: 'copy', keys: ['Ctrl+Shift+C'] },
  'terminal-paste': { scope: 'terminal', title: 'paste', keys: ['Ctrl+Shift+V'] },
  'terminal-leave': { scope: 'terminal', title: 'leave it', keys: ['F6'] },
} as const satisfies Readonly<Record<string, CommandInfo>>

export type CommandInfo = {
  /** Where its keys count; those of `anywhere` count in all of them. */
  readonly scope: KeyScope
  /** `{machine}` stands for the name of one, where there is a command for each. */
  readonly title: string
  readonly keys: readonly string[]
  /**
   * What must all hold for the palette to offer it. A key and the native menu ask for it at any time; what
   * it does has an answer then, too: `build` is refused in words, `stop` does nothing.
   */
  readonly when?: readonly CommandCondition[]
  /** There is one for each of these. */
  readonly each?: 'machine' | 'machine reached by SSH'
  /** The palette does not show it. */
  readonly isUnlisted?: true
}

/** `src-renderer/commands/conditions.ts` knows whether it holds. */
export type CommandCondition = CommandFact | `not ${CommandFact}`

/** What may be true of the window. */
export type CommandFact =
  | 'running'
  | 'finished'
  | 'paused'
  | 'something failed'
  | 'compilers are missing'
  | 'something is left'
  | 'a tree is open'
  | 'a build is in focus'
  | 'lines were noted'
  | 'a search is there'
  | 'showing an older run'
  | 'a sent run'
  | 'showing what to build'
  | 'showing the machines'

export type KeyScope = 'anywhere' | 'grid' | 'log' | 'timeline' | 'terminal'
export type CommandId = keyof typeof commands
/** Commands of one scope. */
export type CommandOf<S extends KeyScope> = {
  [Id in CommandId]: (typeof commands)[Id]['scope'] extends S ? Id : never
}[CommandId]

/** Those of which there is one for each machine. */
export type MachineCommand = {
  [Id in CommandId]: (typeof commands)[Id] extends { readonly each: string } ? Id : never
}[CommandId]

export function commandInfo(id: CommandId): CommandInfo {
  return commands[id]
}

/** In the order of the registry. */
export function commandsIn<S extends KeyScope>(scope: S): readonly CommandOf<S>[] {
  return (Object.keys(commands) as CommandId[]).filter(
    (id): id is CommandOf<S> => commands[id].scope === scope,
  )
}

export function isMachineCommand(id: CommandId): id is MachineCommand {
  return commandInfo(id).each !== undefined
}

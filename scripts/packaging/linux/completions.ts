import { type FlagEntry, flagTable } from '../../../src-main/cli/arguments/flag-table.ts'

/** What a shell offers after a flag; null where only the person knows. */
type Offer = 'file' | 'folder' | 'branch' | null

const offers: Readonly<Record<string, Offer>> = {
  FILE: 'file',
  PATH: 'file',
  DIR: 'folder',
  BRANCH: 'branch',
}

type CompletedFlag = {
  readonly longs: readonly string[]
  readonly short: string
  readonly help: string
  readonly value: string
  readonly offer: Offer
}

function completedFlags(): readonly CompletedFlag[] {
  const entries: readonly (readonly [string, FlagEntry])[] = Object.entries(flagTable)
  return entries.map(([name, { short = '', also = [], help, value = '' }]) => ({
    longs: [name, ...also],
    short,
    help,
    value,
    offer: offers[value] ?? null,
  }))
}

/** For bash: flags, what their values are, and the boards of the tree that one stands in. */
export function bashCompletion(): string {
  const flags = completedFlags()
  const after = (wanted: (flag: CompletedFlag) => boolean) =>
    flags.filter(wanted).flatMap(spellings).join('|')
  const all = flags.flatMap(({ longs }) => longs.map((long) => `--${long}`)).join(' ')
  return `# bash completion for slipway; made from its flags.
_slipway() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} board
  COMPREPLY=()
  case $before in
    ${after(({ offer }) => offer === 'folder')})
      mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    ${after(({ offer }) => offer === 'file')})
      mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    ${after(({ offer }) => offer === 'branch')})
      mapfile -t COMPREPLY < <(compgen -W "$(git branch --format='%(refname:short)' 2>/dev/null)" -- "$cur"); return ;;
    ${after(({ offer, value }) => offer === null && value !== '')})
      return ;;
  esac
  case $cur in
    -*) mapfile -t COMPREPLY < <(compgen -W '${all}' -- "$cur") ;;
    *)
      for board in configs/"$cur"*_defconfig; do
        [ -e "$board" ] || continue
        board=\${board#configs/}
        COMPREPLY+=("\${board%_defconfig}")
      done ;;
  esac
}
complete -F _slipway slipway
`
}

/** For zsh, as a function of its name in a folder of \`fpath\`. */
export function zshCompletion(): string {
  const actions = { file: '_files', folder: '_files -/', branch: '_slipway_branches' }
  const specs = completedFlags().flatMap((flag) =>
    spellings(flag).map((spelling) => {
      const help = flag.help.replaceAll(/[[\]:]/g, String.raw`\$&`)
      const value = flag.value && `:${flag.value.replaceAll(':', String.raw`\:`)}:`
      const action = flag.offer && value ? actions[flag.offer] : ''
      return `  ${quoted(`*${spelling}[${help}]${value}${action}`)} \\`
    }),
  )
  return `#compdef slipway
# Made from slipway's flags.
_slipway_branches() { compadd -- \${(f)"$(git branch --format='%(refname:short)' 2>/dev/null)"} }
_slipway_boards() { compadd -- configs/*_defconfig(N:t:s/_defconfig//) }
_arguments -s \\
${specs.join('\n')}
  '*:board:_slipway_boards'
`
}

/** For fish. */
export function fishCompletion(): string {
  const actions = {
    file: ' -r -F',
    folder: " -r -f -a '(__fish_complete_directories)'",
    branch: ` -r -f -a '(git branch --format="%(refname:short)" 2>/dev/null)'`,
  }
  const lines = completedFlags().map(({ longs, short, help, value, offer }) => {
    const names = longs.map((long) => ` -l ${long}`).join('')
    const action = offer ? actions[offer] : value && ' -x'
    return `complete -c slipway${short && ` -s ${short}`}${names}${action} -d ${fishQuoted(help)}\n`
  })
  return `# Made from slipway's flags.
complete -c slipway -f -a '(string replace -r "^configs/(.*)_defconfig\\$" "\\$1" configs/*_defconfig 2>/dev/null)'
${lines.join('')}`
}

function spellings({ longs, short }: CompletedFlag): readonly string[] {
  return [...(short ? [`-${short}`] : []), ...longs.map((long) => `--${long}`)]
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** In fish's quotes a backslash stands for the next character. */
function fishQuoted(word: string): string {
  return `'${word.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}

import { blobVariables } from '../../src-core/blobs/blob-kinds.ts'
import type { BuildOption } from '../../src-core/build-options/build-option.ts'
import { optionList } from '../../src-core/build-options/option-table.ts'
import type { appSettings } from '../../src-core/schemas.ts'
import { MACHINE_KEYS, type MachineKey } from '../../src-main/buildman-config/read-machines.ts'

/** What docs/settings.md says of each of the app's own settings. */
const ofTheApp: Readonly<Record<keyof typeof appSettings.shape, string>> = {
  tables: 'by which column each table is sorted, and which columns were left out or asked for',
  theme: '`system`, `light` or `dark`',
  density: '`comfortable` or `compact`',
  panels:
    'widths of the panels and height of the details in pixels, as their edges were dragged; 0 leaves them to the window',
  machineColours: 'the colour of each machine, by its name',
  editorCommand: 'what opens a file; `{file}`, `{line}` and `{column}` are filled in',
  notifications: 'whether the desktop is told when a run ends',
  buildmanFile: 'another file than `~/.buildman`',
  recentTrees: 'the trees that were opened last, at most 20',
  outputDir: 'where results go; empty for a folder beside the tree',
  distribute: 'whether builds are shared out over the machines',
  noLocal: 'whether this computer builds nothing',
  useMachines: 'the machines that take part; empty for all',
  providers: 'the providers that are asked for machines, and for how many',
  allowDifferentCompilers: "whether machines whose compiler differs from this computer's may build",
  toolchainMirror: 'a server to fetch toolchains from, laid out as kernel.org',
  updateCheck: 'whether a newer version is looked for when the app starts; off at first',
  releasesAddress:
    'the address that tells of the newest release, as GitHub does or as `{"version": "1.2.3", "url": "..."}`; empty for the one in `package.json`, if any',
  selections: 'boards to choose again by a name: terms, chips, or a list',
  build: 'the build options above, by their keys; what is missing has its default',
}

const ofMachines: Readonly<Record<MachineKey, string>> = {
  max_boards: 'boards at once, at most 4096; 0, or nothing, for as many as it has threads',
  transport: "`ssh2` (built in) or `openssh` (the system's `ssh`)",
  command:
    'instead of SSH: what runs there the command that follows it, e.g. `docker exec -i NAME` (docs/reaching-machines.md)',
  buildman_path: "a `buildman` there that is driven in place of Slipway's worker",
  if_busy: '`wait`, or `another folder` to build beside another run of yours',
  max_load_per_core: 'beyond this load it takes no work (0.8)',
  min_disk_mb: 'below this room in the home folder it takes no work (1000)',
  min_memory_mb: 'below this memory it takes no work (512)',
}

const introduction = `# Settings

<!-- Made by npm run docs. Change scripts/docs/settings-page.ts or the option table instead. -->

There are three places: the options of a build (flags in the terminal, "Settings" in the window), \`~/.buildman\`, which is buildman's file and says what machines and compilers there are, and \`settings.json\`, which holds what is only the window's.

## Build options

A result that was built with another value of an option marked * counts as outdated, and is built again.

| key | flag | default | what it does |
| --- | --- | --- | --- |
`

const buildmanFile = `
## ~/.buildman

Read as buildman reads it; \`-G FILE\`, or a setting of the window, names another file. Where it is missing, \`[toolchain] other = /\` and buildman's aliases count.

| section | what it holds |
| --- | --- |
| \`[global]\` | \`allow-missing\`: \`always\`, or \`multiple\` and \`branch\`; with or without quotes |
| \`[toolchain]\` | any name = a folder with compilers; \`*\` stands for any folder |
| \`[toolchain-prefix]\` | architecture = a compiler, or what stands before its \`gcc\` |
| \`[toolchain-alias]\` | architecture of a board = architectures of compilers, the first that is there |
| \`[toolchain-wrapper]\` | any name = a command before the compiler, as \`ccache\` |
| \`[cache]\` | ours: \`remote\` = address of a compiler cache that all machines use, for ccache (\`http://...\`, \`redis://...\`), in place of the one that the boss has ([performance](performance.md)) |
| \`[make-flags]\` | board = more words for make; \`\${name}\` is another line of the section; a flag with which make ends well whatever it builds (\`-n\`, \`-q\`, \`-t\`, \`-i\`) is refused |
| \`[blobs]\`, \`[blobs:NAME]\` | ours: firmware that images need, for all boards, or for a board or an SoC: name or glob = a file, or a folder that has it; \`folders\` = folders to look in; \`max_mb\` (256) and \`max_file_mb\` (64) bound what a run sends ([what is built](what-is-built.md)) |
| \`[machines]\` | name = \`[user@]host\`. Write both: mainline's buildman refuses a file with a name alone |
| \`[machine:NAME]\` | more about a machine; \`NAME\` is \`local\` for this computer |
| \`[provider:NAME]\` | ours: gives machines for a time ([providers](providers.md)) |

Keys of \`[machine:NAME]\`, of which buildman reads the first:

| key | what it does |
| --- | --- |
`

const appFile = `
## settings.json

In the app's folder of settings (on Linux \`~/.config/slipway\`). A field that is wrong has its default, and the window says so.

| key | what it is |
| --- | --- |
`

/** What is read of the environment, by the programs themselves: a row each. */
const environment: readonly (readonly [names: readonly string[], what: string])[] = [
  [['SLIPWAY_SSH_CONFIG'], 'another file than `~/.ssh/config`'],
  [['SLIPWAY_BUILDMAN'], 'the window: another file than `~/.buildman`'],
  [
    ['SLIPWAY_FEED_SECONDS'],
    'a worker that is started by hand: how long it waits for a word of its boss before it leaves',
  ],
  [
    ['XDG_CACHE_HOME', 'XDG_STATE_HOME'],
    'where caches and history lie, each in a folder `slipway`',
  ],
  [['XDG_RUNTIME_DIR'], 'where a worker notes which work folder it has, so that no other takes it'],
  [['TMPDIR'], 'where temporary files are made; where none can be made there, in `/tmp`'],
  [
    ['HOME', 'PATH', 'SHELL', 'LANG', 'USER'],
    'as for every program; `PATH` has the compilers of `[toolchain-prefix]` and what builds call',
  ],
  [['NO_COLOR'], 'the terminal: if it is set, no colours'],
  [['GITHUB_STEP_SUMMARY'], 'with `--github`: the file that the summary of the step goes to'],
  [
    ['SSH_AUTH_SOCK', 'KRB5CCNAME'],
    "logging in by SSH: the agent's socket, and where Kerberos keeps its tickets",
  ],
  [
    ['npm_config_registry', 'NPM_CONFIG_REGISTRY'],
    'where a Node for machines without one comes from; otherwise as `~/.npmrc` says',
  ],
  [
    ['CCACHE_REMOTE_STORAGE', 'CCACHE_SECONDARY_STORAGE', 'CCACHE_STATSLOG'],
    "ccache's own: where a person set one of the first two, machines share no other cache; the third is set for each build",
  ],
  [
    [...blobVariables].sort(),
    'firmware that images need, as in `make BL31=...` ([what is built](what-is-built.md))',
  ],
  [
    ['ELECTRON_OVERRIDE_DIST_PATH', 'ELECTRON_RENDERER_URL'],
    'from source: another Electron, and the page of `npm run dev`',
  ],
]

const environmentHead = `
## Environment variables

A build has the environment that Slipway was started with, but for what would tie it to another make, git or Electron.

| variable | what it does |
| --- | --- |
`

/** The names that the page has a row for. */
export const documentedVariables: ReadonlySet<string> = new Set(
  environment.flatMap(([names]) => names),
)

/** The text of docs/settings.md. */
export function settingsPage(): string {
  return [
    introduction,
    ...optionList.map(([key, option]) => optionRow(key, option)),
    buildmanFile,
    ...MACHINE_KEYS.map((key) => `| \`${key}\` | ${ofMachines[key]} |\n`),
    appFile,
    ...Object.entries(ofTheApp).map(([key, what]) => `| \`${key}\` | ${what} |\n`),
    environmentHead,
    ...environment.map(([names, what]) => `| ${names.map(coded).join(', ')} | ${what} |\n`),
  ].join('')
}

function coded(name: string): string {
  return `\`${name}\``
}

function optionRow(key: string, option: BuildOption): string {
  const { flag, shapesResults } = option
  const letter = flag?.short ? `\`-${flag.short}\`, ` : ''
  const value = flag?.value ? ` ${flag.value}` : ''
  const spelled = flag ? `${letter}\`--${flag.long}${value}\`` : ''
  const what = whatItDoes(option) + boundText(option)
  return `| \`${key}\`${shapesResults ? ' *' : ''} | ${spelled} | ${defaultText(option)} | ${what} |\n`
}

/** Words for the dialog may speak of the opposite; those for the terminal never do. */
function whatItDoes(option: BuildOption): string {
  const { flag, label, explanation } = option
  if (option.kind === 'switch' && option.shownInverted && flag) return `${flag.help}.`
  return `${label}. ${explanation}`
}

function defaultText(option: BuildOption): string {
  switch (option.kind) {
    case 'switch':
      return option.default ? 'on' : 'off'
    case 'number':
      return option.default === 0 ? `0 (${option.zero})` : String(option.default)
    default:
      return 'none'
  }
}

function boundText(option: BuildOption): string {
  switch (option.kind) {
    case 'number':
      return ` 0 to ${option.max}.`
    case 'list':
      return ` At most ${option.maxItems}.`
    default:
      return ''
  }
}

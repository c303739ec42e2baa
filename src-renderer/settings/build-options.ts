import type { BuildSettings } from '../../src-core/model.ts'

type KeysOf<T> = {
  [K in keyof BuildSettings]: BuildSettings[K] extends T ? K : never
}[keyof BuildSettings]

/** One setting of a build, as the dialog shows it; `flag` is what sets it in the terminal. */
export type BuildOption = {
  readonly label: string
  readonly explain: string
  readonly flag: string
} & (
  | { readonly kind: 'switch'; readonly key: KeysOf<boolean>; readonly inverted?: boolean }
  | { readonly kind: 'number'; readonly key: KeysOf<number>; readonly zero: string }
  | { readonly kind: 'text'; readonly key: KeysOf<string>; readonly placeholder: string }
  | { readonly kind: 'list'; readonly key: KeysOf<readonly string[]>; readonly placeholder: string }
)

export type BuildOptionGroup = {
  readonly title: string
  readonly options: readonly BuildOption[]
}

/** Everything that the terminal's flags set for a build, grouped by what a person asks. */
export const buildOptions: readonly BuildOptionGroup[] = [
  {
    title: 'What is built again',
    options: [
      {
        kind: 'switch',
        key: 'force',
        label: 'Everything',
        explain: 'Builds boards that have an outcome from an earlier run, too.',
        flag: '-f',
      },
      {
        kind: 'switch',
        key: 'forceFailures',
        label: 'What failed or gave warnings',
        explain: 'Other outcomes from earlier runs are taken as they are.',
        flag: '-F',
      },
      {
        kind: 'switch',
        key: 'quick',
        label: 'A board that failed, at once',
        explain:
          'It is configured from scratch and tried again, in case an old configuration was to blame.',
        flag: 'off: -Q',
        inverted: true,
      },
    ],
  },
  {
    title: 'The compiler',
    options: [
      {
        kind: 'switch',
        key: 'warningsAsErrors',
        label: 'Warnings are errors',
        explain: 'Builds with -Werror.',
        flag: '-E',
      },
      {
        kind: 'switch',
        key: 'noLto',
        label: 'Link-time optimisation',
        explain: 'Off is faster, but makes larger images.',
        flag: 'off: -L',
        inverted: true,
      },
      {
        kind: 'switch',
        key: 'reproducible',
        label: 'Reproducible',
        explain:
          'Fixes dates and leaves out the local version, so that equal source gives equal images.',
        flag: '-r',
      },
      {
        kind: 'switch',
        key: 'allowMissing',
        label: 'Missing blobs are no failure',
        explain: 'Images that need files from vendors are made without them and will not boot.',
        flag: '-M',
      },
      {
        kind: 'switch',
        key: 'ccache',
        label: 'Use ccache',
        explain: 'Where a machine has it. Boards of the same SoC then share most of their work.',
        flag: 'off: --no-ccache',
      },
      {
        kind: 'switch',
        key: 'dtcSkip',
        label: "Use the machine's own dtc",
        explain: 'Instead of building the one that the tree brings along.',
        flag: '--dtc-skip',
      },
      {
        kind: 'switch',
        key: 'verboseBuild',
        label: 'Keep every command in the log',
        explain: 'Builds with V=1. Logs get long.',
        flag: '-V',
      },
    ],
  },
  {
    title: 'The configuration',
    options: [
      {
        kind: 'list',
        key: 'adjustConfig',
        label: 'Options to change',
        explain: 'X sets an option, ~X clears it, X=val gives it a value. For every board.',
        flag: '-a',
        placeholder: 'CMD_SPI ~NET SYS_PROMPT="> "',
      },
      {
        kind: 'list',
        key: 'fragments',
        label: 'Fragments',
        explain: 'Configuration fragments of the tree that are added to every board.',
        flag: '--fragments',
        placeholder: 'debug.config',
      },
      {
        kind: 'switch',
        key: 'forceReconfig',
        label: 'Configure before every commit',
        explain: 'Slow, and only needed where the commits change configurations by hand.',
        flag: '-C',
      },
      {
        kind: 'switch',
        key: 'kconfigCheck',
        label: 'Configure when Kconfig files change',
        explain: 'Notices commits that touch Kconfig files or defconfigs.',
        flag: 'off: -Z',
      },
      {
        kind: 'switch',
        key: 'mrproper',
        label: 'Clean before each configuration',
        explain: 'Runs make mrproper in the output folder first.',
        flag: '-m',
      },
      {
        kind: 'switch',
        key: 'fallbackMrproper',
        label: 'Clean before a failed board is tried again',
        explain: 'Runs make mrproper only then.',
        flag: '--fallback-mrproper',
      },
      {
        kind: 'switch',
        key: 'configOnly',
        label: 'Only configure',
        explain: 'Configures every board and builds nothing.',
        flag: '--config-only',
      },
      {
        kind: 'text',
        key: 'makeTarget',
        label: 'Make target',
        explain: 'Instead of the default one.',
        flag: '--target',
        placeholder: 'all',
      },
    ],
  },
  {
    title: 'Results',
    options: [
      {
        kind: 'switch',
        key: 'keepOutputs',
        label: 'Keep the images',
        explain: 'And bring them home from the machines.',
        flag: '-k',
      },
    ],
  },
  {
    title: 'Speed and limits',
    options: [
      {
        kind: 'number',
        key: 'threads',
        label: 'Boards at once on this computer',
        explain: 'How many each machine builds at once is said in its own settings.',
        flag: '-T',
        zero: 'as many as it has threads',
      },
      {
        kind: 'number',
        key: 'jobs',
        label: 'Make jobs for each board',
        explain:
          'Left alone, all boards on a machine share its cores, so that the last one gets them all.',
        flag: '-j',
        zero: 'shared between boards',
      },
      {
        kind: 'number',
        key: 'stallSeconds',
        label: 'Stop a stuck board after',
        explain: 'Seconds without output and without use of the processor.',
        flag: '',
        zero: 'never',
      },
      {
        kind: 'number',
        key: 'totalSeconds',
        label: 'Stop any board after',
        explain: 'Seconds in all.',
        flag: '',
        zero: 'never',
      },
    ],
  },
]

/** The words of a list as typed; white space parts them, except inside double quotes. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
}

/** How many settings differ from those that a new run would have. */
export function differences(build: BuildSettings, defaults: BuildSettings): number {
  return (Object.keys(defaults) as (keyof BuildSettings)[]).filter(
    (key) => JSON.stringify(build[key]) !== JSON.stringify(defaults[key]),
  ).length
}

/**
 * Which make commands build one board at one commit (reference, section 5). Pure: settings in,
 * argument vectors out.
 */
import type { WorkerSettings } from '../protocol/worker-settings.ts'

export type MakeRequest = {
  /** What `scripts/show-gnu-make` names, e.g. `make`. */
  readonly make: string
  /** As make is given it: relative to the tree, so that no result depends on where the tree lies. */
  readonly outDir: string
  /** Threads that all makes of this worker share. */
  readonly threads: number
  readonly settings: Pick<
    WorkerSettings,
    | 'verbose_build'
    | 'allow_missing'
    | 'no_lto'
    | 'reproducible_builds'
    | 'warnings_as_errors'
    | 'make_target'
    | 'jobs'
    | 'fragments'
    | 'override_toolchain'
  >
  /** `[make-flags]` of this board. */
  readonly makeFlags: readonly string[]
  /** Make target that configures the board. */
  readonly defconfig: string
  /** Fragments of this board. */
  readonly fragments: readonly string[]
}

export type Invocation = {
  /** What is run. */
  readonly argv: readonly string[]
  /** What `out-cmd` says: the same words, with the `-j` that the job server stands for. */
  readonly shown: string
}

/**
 * Where the number of jobs comes from. An explicit `-j` would make make leave the shared job server
 * ("-j2 forced in submake: resetting jobserver mode"), so with it the words of the command line
 * and those of `out-cmd` differ in that one place. Whoever pastes `out-cmd` gets the same build.
 */
export function usesJobserver(settings: Pick<WorkerSettings, 'jobs'>): boolean {
  return settings.jobs === 0
}

function invocation(request: MakeRequest, first: readonly string[], targets: readonly string[]) {
  const { settings: s } = request
  const jobs = String(s.jobs || request.threads)
  const before = [request.make, ...first, `O=${request.outDir}`, s.verbose_build ? 'V=1' : '-s']
  const after = [
    `NPROC=${jobs}`,
    ...(s.warnings_as_errors ? ['KCFLAGS=-Werror', 'HOSTCFLAGS=-Werror'] : []),
    ...(s.allow_missing ? ['BINMAN_ALLOW_MISSING=1'] : []),
    ...(s.no_lto ? ['NO_LTO=1'] : []),
    ...(s.reproducible_builds ? ['SOURCE_DATE_EPOCH=0'] : []),
    ...request.makeFlags,
    ...(s.override_toolchain
      ? [`HOSTCC=${s.override_toolchain}`, `CC=${s.override_toolchain}`]
      : []),
    ...targets,
  ]
  const shown = [...before, '-j', jobs, ...after]
  return { argv: usesJobserver(s) ? [...before, ...after] : shown, shown: shown.join(' ') }
}

export function mrproper(request: MakeRequest): Invocation {
  return invocation(request, ['mrproper'], [])
}

export function configure(request: MakeRequest): Invocation {
  const { defconfig, fragments, settings } = request
  return invocation(request, [], [defconfig, ...fragments, ...settings.fragments])
}

export function saveDefconfig(request: MakeRequest): Invocation {
  return invocation(request, [], ['savedefconfig'])
}

/** `configOnly` makes `u-boot.cfg` and stops there; a retry drops it. */
export function build(request: MakeRequest, configOnly: boolean): Invocation {
  const { make_target } = request.settings
  return invocation(request, [], configOnly ? ['cfg'] : make_target ? [make_target] : [])
}

import { devNull, homedir } from 'node:os'
import type { BlobRules } from '../../src-core/blobs/blob-rules.ts'
import type { MachineConfig } from '../../src-core/model.ts'
import type { ProviderConfig } from '../../src-core/provider.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { messageOf } from '../error-text.ts'
import { DEFAULT_SECTION, parseConfigSyntax, type SyntaxProblem } from './config-syntax.ts'
import { type ConfigReader, configReader } from './config-values.ts'
import { expandHome } from './expand-home.ts'
import { isBlobsSection, readBlobRules } from './read-blob-rules.ts'
import { readConfigFile } from './read-config-file.ts'
import { MACHINE_SECTION, readMachines } from './read-machines.ts'
import { PROVIDER_SECTION, readProviders } from './read-providers.ts'

/** What buildman would make of `~/.buildman`, plus our own keys of `[machine:NAME]`. */
export type BuildmanConfig = {
  readonly file: string
  /** False where there is no such file and buildman's template is used in its place. */
  readonly exists: boolean
  readonly allowMissing: AllowMissing
  readonly toolchainPaths: readonly ToolchainPath[]
  /** Compiler paths, or prefixes to which `gcc` is appended; `~` expanded. */
  readonly toolchainPrefixes: readonly { readonly arch: string; readonly prefix: string }[]
  /** Board architecture -> toolchain architectures, tried in order before the board's own. */
  readonly toolchainAliases: ReadonlyMap<string, readonly string[]>
  /** Goes before CROSS_COMPILE, e.g. `ccache`; empty for none. */
  readonly toolchainWrapper: string
  /** Address of a compiler cache of all machines, for ccache; empty for none. */
  readonly remoteCache: string
  /** Board -> words for make, not yet resolved; see `makeFlagsFor`. */
  readonly makeFlags: ReadonlyMap<string, string>
  readonly blobs: BlobRules
  /** In file order, without `local`. */
  readonly machines: readonly MachineConfig[]
  /** This computer; `[machine:local]` may change it. */
  readonly local: MachineConfig
  /** In file order. */
  readonly providers: readonly ProviderConfig[]
  /** What is odd but not fatal; each names file, line and key. */
  readonly warnings: readonly ConfigProblem[]
}

/** When missing binary blobs are allowed without `-M`: always, for several boards, for a branch. */
export type AllowMissing = {
  readonly always: boolean
  readonly multiple: boolean
  readonly branch: boolean
}

export type ToolchainPath = {
  readonly key: string
  /** `~` expanded; may hold `*`. */
  readonly path: string
  /** From the key `download`: found paths rank before other ones. */
  readonly downloaded: boolean
}

export type ConfigProblem = {
  readonly file: string
  /** From 1; 0 where the whole file is meant. */
  readonly line: number
  /** Empty where no key is meant. */
  readonly key: string
  readonly message: string
}

/** Where buildman looks without `-G`. */
export function defaultConfigFile(home = homedir()): string {
  return `${home}/.buildman`
}

/** What buildman would write where the file is missing. Our own wording of the same settings. */
export const CONFIG_TEMPLATE = `# Settings of buildman and Slipway

[toolchain]
# Folders with compilers, one a line: any name = folder
other = /

[toolchain-prefix]

[toolchain-alias]
riscv = riscv32
sh = sh4
x86 = i386

[make-flags]

[machines]
`

/** `FILE:LINE: [key] message`, as compilers say it. */
export function describeConfigProblem(problem: ConfigProblem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}` : problem.file
  return problem.key === ''
    ? `${place}: ${problem.message}`
    : `${place}: ${problem.key}: ${problem.message}`
}

/** Reads the settings file; one that does not exist counts as buildman's template and is not created. */
export async function readBuildmanConfig(
  file: string,
  home = homedir(),
): Promise<Result<BuildmanConfig>> {
  let bytes: Buffer | null
  try {
    bytes = file === devNull ? Buffer.alloc(0) : await readConfigFile(file)
  } catch (error) {
    return fail(`${file} can't be read: ${messageOf(error)}`)
  }
  const text = bytes === null ? ok(CONFIG_TEMPLATE) : decodeConfig(bytes, file)
  if (!text.ok) return text
  return parseBuildmanConfig(text.value, { file, exists: bytes !== null, home })
}

/** The text of a settings file, byte order mark included. */
export function decodeConfig(bytes: Uint8Array, file: string): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    // What could not be read became U+FFFD.
    const readable = new TextDecoder().decode(bytes)
    const line = readable.slice(0, readable.indexOf('\ufffd')).split('\n').length
    return fail(`${file}:${line}: there are bytes that are not UTF-8`, 'Save the file as UTF-8.')
  }
}

/** Characters; a thousand machines need a tenth of it. */
const LARGEST_CONFIG = 256 * 1024

/** The pure part of `readBuildmanConfig`. Never throws. */
export function parseBuildmanConfig(
  text: string,
  at: { readonly file: string; readonly home: string; readonly exists?: boolean },
): Result<BuildmanConfig> {
  if (text.length > LARGEST_CONFIG) {
    const size = Math.round(text.length / 1024)
    return fail(`${at.file} has ${size} KB, which no settings file has`, 'Is it the right file?')
  }
  const reader = configReader(parseConfigSyntax(text))
  const machines = readMachines(reader)
  const config = {
    file: at.file,
    exists: at.exists ?? true,
    allowMissing: readAllowMissing(reader),
    toolchainPaths: readToolchainPaths(reader, at.home),
    toolchainPrefixes: reader
      .items('toolchain-prefix')
      .map(({ key, value }) => ({ arch: key, prefix: expandHome(value, at.home) })),
    toolchainAliases: new Map(
      reader.items('toolchain-alias').map(({ key, value }) => [key, words(value)]),
    ),
    toolchainWrapper: reader.items('toolchain-wrapper').at(-1)?.value ?? '',
    remoteCache: readRemoteCache(reader),
    makeFlags: readMakeFlags(reader),
    blobs: readBlobRules(reader, at.home),
    ...machines,
    providers: readProviders(reader, new Set(machines.machines.map(({ name }) => name))),
  }
  warnUnknownSections(reader)
  const named = (problem: SyntaxProblem): ConfigProblem => ({ file: at.file, ...problem })
  if (reader.fatal.length > 0) {
    const problems = reader.fatal.map((problem) => describeConfigProblem(named(problem)))
    return fail(problems.join('\n'), 'buildman would stop at this, too.')
  }
  const warnings = reader.warnings.map(named).sort((a, b) => a.line - b.line)
  return ok({ ...config, warnings })
}

const KNOWN_SECTIONS = [
  'global',
  'toolchain',
  'toolchain-prefix',
  'toolchain-alias',
  'toolchain-wrapper',
  'cache',
  'make-flags',
  'machines',
  DEFAULT_SECTION,
]

function warnUnknownSections(reader: ConfigReader): void {
  for (const { name, line } of reader.sections) {
    if (KNOWN_SECTIONS.includes(name) || name.startsWith(MACHINE_SECTION)) continue
    if (isBlobsSection(name) || name.startsWith(PROVIDER_SECTION)) continue
    const known = KNOWN_SECTIONS.find((one) => one.toLowerCase() === name.toLowerCase())
    const hint = known === undefined ? '' : `; did you mean [${known}]?`
    reader.warn({ line, key: '' }, `section [${name}] is not known and is ignored${hint}`)
  }
}

function readAllowMissing(reader: ConfigReader): AllowMissing {
  let value = ''
  for (const item of reader.items('global')) {
    if (item.key === 'allow-missing') value = unquoted(item.value)
    else reader.warn(item, 'is not known in [global] and is ignored')
  }
  return {
    always: value === 'always',
    multiple: value.includes('multiple'),
    branch: value.includes('branch'),
  }
}

const LONGEST_ADDRESS = 1000

function readRemoteCache(reader: ConfigReader): string {
  let address = ''
  for (const item of reader.items('cache')) {
    if (item.key !== 'remote') {
      reader.warn(item, 'is not known in [cache] and is ignored')
    } else if (!/^(?:https?|redis(?:\+unix)?):\S+$/.test(item.value)) {
      reader.warn(
        item,
        'is no address of a cache, as http://cache:8080 or redis://cache, and is ignored',
      )
    } else if (item.value.length > LONGEST_ADDRESS) {
      reader.warn(item, `is longer than ${LONGEST_ADDRESS} characters and is ignored`)
    } else address = item.value
  }
  return address
}

/** Buildman's manual writes the value with quotes, which its parser then takes for part of it. */
function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2]?.trim() ?? value
}

function readToolchainPaths(reader: ConfigReader, home: string): ToolchainPath[] {
  const paths: ToolchainPath[] = []
  if (!reader.sections.some(({ name }) => name === 'toolchain')) {
    // As in the template: a file that only names machines should not cost this computer's compilers.
    paths.push({ key: 'other', path: '/', downloaded: false })
    reader.warn(
      { line: 0, key: '' },
      'there is no [toolchain] section; compilers are looked for in /usr/bin and the like. ' +
        'Buildman would look nowhere: add [toolchain] and other = / for both',
    )
  }
  for (const item of reader.items('toolchain')) {
    if (item.value === '') {
      reader.warn(item, 'has no folder and is ignored; write NAME = FOLDER')
    } else {
      const downloaded = item.key === 'download'
      paths.push({ key: item.key, path: expandHome(item.value, home), downloaded })
    }
  }
  return paths
}

function readMakeFlags(reader: ConfigReader): Map<string, string> {
  const flags = new Map<string, string>()
  for (const { key, rawKey, value, line } of reader.items('make-flags')) {
    flags.set(key, value)
    if (rawKey !== key) {
      const message = `is read as '${key}', so a board or \${${rawKey}} in capitals does not get it (as in buildman)`
      reader.warn({ line, key: rawKey }, message)
    }
  }
  return flags
}

function words(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== '')
}

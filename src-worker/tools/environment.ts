import { realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { linksToTools } from './links.ts'
import { type CrossCompiler, findProgram } from './toolchain.ts'

export type Environment = Readonly<Record<string, string>>

/** Of a make or a git above us: they would tie ours to a job server, flags or a repository of theirs. */
const ofOurParents = new Set(
  [
    ['MAKEFLAGS', 'GNUMAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'MAKEOVERRIDES', 'MAKE_TERMOUT'],
    // Of the Makefiles of a kernel or of U-Boot: with them, these take themselves for their own children.
    ['sub_make_done', 'KBUILD_SRC', 'KBUILD_EXTMOD', 'KBUILD_OUTPUT', 'VPATH'],
    ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_PREFIX'],
    ['GIT_COMMON_DIR', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_NAMESPACE'],
  ].flat(),
)

/** They name one file for the configurations of all boards, so that one would be built with another's. */
const ofOneBuild = ['CONFIG', 'AUTOCONFIG', 'AUTOHEADER', 'TRISTATE', 'RUSTCCFG']
const leftOut = new Set([...ofOurParents, ...ofOneBuild.map((name) => `KCONFIG_${name}`)])

/** What programs that we start inherit: our own environment, without what would tie them to other builds. */
export function inheritedEnvironment(env: NodeJS.ProcessEnv): Environment {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !leftOut.has(entry[0]) && !entry[0].startsWith('ELECTRON_'),
  )
  return Object.fromEntries(kept)
}

export type EnvironmentParts = {
  readonly inherited: Environment
  /** Where links to a compiler's tools may be made. */
  readonly workDir: string
  readonly toolchain: CrossCompiler
  /** Put before the prefix, e.g. `distcc`; empty for none. */
  readonly wrapper: string
  /** Folder with compilers that are really ccache, and its settings; absent if it is not used. */
  readonly ccache?: { readonly bin: string; readonly env: Environment }
  /** Name the compiler by its path, and leave PATH alone. */
  readonly fullPath?: boolean
  /** Another compiler is named to make itself, so that no prefix may be in its way. */
  readonly overridden?: boolean
  /** The machine's own dtc, where that one is to be used. */
  readonly dtc?: string
}

/**
 * The environment of make (reference, section 5). Sandbox has no CROSS_COMPILE, thus no wrapper. The
 * compiler's folder goes in front only where PATH leads to another compiler of that name; one that is in
 * PATH further back sends links to its tools alone, since before a virtual environment the whole of it
 * would bring another python and another make than the person has.
 */
export function makeEnvironment(parts: EnvironmentParts): Environment {
  const { CROSS_COMPILE: _, PATH = '', ...rest } = parts.inherited
  const { workDir, toolchain, wrapper, ccache, dtc, fullPath = false, overridden = false } = parts
  const found = findProgram(basename(toolchain.gcc), PATH)
  const leadsThere = found !== undefined && isSameFolder(dirname(found), toolchain.path)
  const isInPath = () =>
    PATH.split(delimiter).some((dir) => dir && isSameFolder(dir, toolchain.path))
  const bin = () => (isInPath() ? linksToTools(workDir, toolchain) : toolchain.path)
  const inFront = fullPath || leadsThere ? '' : bin()
  const folders = [ccache?.bin, inFront, PATH].filter((dir) => dir)
  const prefix = fullPath ? join(toolchain.path, toolchain.cross) : toolchain.cross
  const named = toolchain.cross !== '' && !overridden
  return {
    ...rest,
    ...ccache?.env,
    LC_ALL: 'C',
    PATH: folders.join(delimiter),
    ...(named && { CROSS_COMPILE: `${wrapper && `${wrapper} `}${prefix}` }),
    ...(dtc && { DTC: dtc }),
  }
}

/** `/bin` and `/usr/bin` are one on most machines. */
function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return one === other
  }
}

/**
 * What a build can depend on: compiler, linker and their flags, make, Kconfig and kbuild, U-Boot's own
 * switches, ccache and distcc, locale, time and paths. What is not listed is not written down, since an
 * environment also holds passwords and addresses under names that nobody thought of: also under those
 * that begin like a tool's.
 */
const shapesBuild = new RegExp(
  `^(?:${[
    'A(?:RCH|R|S|FLAGS)',
    '(?:HOST|BUILD_|TARGET_|K|U_)?(?:CC|CXX|CPP|LD|AS)(?:FLAGS)?(?:_[a-z]+)?',
    '(?:HOST|K)?(?:C|CPP|CXX|LD|A)FLAGS(?:_[A-Z]+)?',
    'CROSS_COMPILE\\w*|COMPILER_PATH|LIBRARY_PATH|C_INCLUDE_PATH|CPATH|CPLUS_INCLUDE_PATH',
    'GCC_\\w+|LLVM\\w*|NM|OBJCOPY|OBJDUMP|STRIP|READELF|RANLIB|LEX|YACC|BISON\\w*|FLEX',
    'DTC|DTC_FLAGS|DTB_\\w+|DEVICE_TREE|EXT_DTB|SWIG\\w*',
    'MAKE(?:FILES|SHELL|_TMPDIR)?|GNUMAKEFLAGS|MFLAGS|NPROC|SHELL|CONFIG_SHELL|SOURCE_DATE_EPOCH|TZ',
    'KBUILD_BUILD_(?:USER|HOST|TIMESTAMP|VERSION)|KBUILD_(?:OUTPUT|SRC|EXTMOD|VERBOSE|CHECKSRC)',
    'KBUILD_(?:HOST|USER|EXTRA_)?(?:C|CPP|CXX|A|LD)FLAGS|KBUILD_HOSTLDLIBS|KBUILD_EXTRA_(?:WARN|SYMBOLS)',
    'KBUILD_(?:DEFCONFIG|KCONFIG|NOPEDANTIC|ENABLE_EXTRA_GCC_CHECKS)',
    'KCONFIG_(?:CONFIG|ALLCONFIG|SEED|TRISTATE|PROBABILITY|OVERWRITECONFIG|NOSILENTUPDATE|WERROR)',
    'KCONFIG_AUTO(?:CONFIG|HEADER)|KCFLAGS|KCPPFLAGS|KAFLAGS|LOCALVERSION|SCMVERSION|INSTALL_\\w+PATH',
    'UBOOT(?:VERSION|RELEASE)|BINMAN_(?:VERBOSE|DEBUG|TOOLPATHS|INDIRS|ALLOW_MISSING)|BL31|BL32|TEE|OPENSBI|SCP|TPL|ROCKCHIP_TPL|FSP\\w*',
    'CCACHE_(?:BASEDIR|COMPILER|COMPILERCHECK|COMPILERTYPE|CONFIGPATH|DIR|EXTENSION|EXTRAFILES)',
    'CCACHE_(?:IGNOREHEADERS|IGNOREOPTIONS|LIMIT_MULTIPLE|MAXFILES|MAXSIZE|NAMESPACE|NLEVELS|PATH)',
    'CCACHE_(?:PREFIX|PREFIX_CPP|SLOPPINESS|TEMPDIR|UMASK|COMPRESSLEVEL)',
    'CCACHE_(?:NO)?(?:COMPRESS|CPP2|DEPEND|DIRECT|DISABLE|FILECLONE|HARDLINK|HASHDIR|INODECACHE)',
    'CCACHE_(?:NO)?(?:READONLY|READONLY_DIRECT|RECACHE|STATS)|SCCACHE_DIR',
    'DISTCC_(?:HOSTS|DIR|FALLBACK|VERBOSE)|ICECC(?:_VERSION|_CC|_CXX)?',
    'LANG|LANGUAGE|LC_\\w+|PATH|LD_LIBRARY_PATH|LD_PRELOAD|HOME|PWD|TMPDIR|TMP|TEMP',
    'PYTHON[23]?|PYTHON(?:PATH|HOME|HASHSEED|OPTIMIZE|USERBASE|NOUSERSITE|SAFEPATH|STARTUP)',
    'PYTHON(?:DONTWRITEBYTECODE|IOENCODING|UTF8|WARNINGS)|VIRTUAL_ENV|PERL5LIB|PKG_CONFIG\\w*|SYSROOT|V|W|C|O',
  ].join('|')})$`,
)
const secretName =
  /TOKEN|SECRET|PASS|CREDENTIAL|PRIVATE|COOKIE|SESSION|AUTH|_KEY$|(?:^|_)(?:PIN|PW|PSK|CREDS?)(?:_|$)|_PWD(?:_|$)/i
/** An address may hold a name, a password or a word of access anywhere in it. */
const secretValue = /(?:^|[^\w+./-])[a-z][\w+.-]{0,20}:\/\/|-----BEGIN |\bgh[pousr]_\w{20}/i
/** Ours, and different in each build: they would show as differences where there are none. */
const ofThisWorker = /^CCACHE_STATSLOG$|^MAKEFLAGS$/

/** A longer value says nothing that one could compare. Characters. */
const longestValue = 32 * 1024

/**
 * What `out-env` says: sorted, `K="V"` a line; only what a build can depend on, and nothing like a secret.
 * Folders of our own in PATH are left out, since they differ from machine to machine.
 */
export function describeEnvironment(env: Environment, workDir: string): string {
  const folders = (env.PATH ?? '').split(delimiter)
  const PATH = folders.filter((folder) => !folder.startsWith(join(workDir, '/'))).join(delimiter)
  const told: Environment = env.PATH === undefined ? env : { ...env, PATH }
  return Object.keys(told)
    .filter((name) => name.length < 100 && shapesBuild.test(name))
    .filter((name) => !ofThisWorker.test(name) && !secretName.test(name))
    .map((name): [string, string] => [name, (told[name] ?? '').slice(0, longestValue)])
    .filter(([, value]) => !secretValue.test(value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('')
}

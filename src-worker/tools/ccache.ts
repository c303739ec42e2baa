/**
 * Compilers through ccache, without a word of make's command line changed: a folder of links named like
 * the compilers, all of them ccache, comes first in PATH. So host compilers are covered, too, and
 * `CROSS_COMPILE` stays what it is.
 *
 * Builds use paths relative to the tree (see worktrees and make-plan), which is what makes different
 * output folders and checkouts hit; `CCACHE_BASEDIR` is not needed and not used, because it would
 * change what `__FILE__` says, and with it the size of the result.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { linesOf } from '../../src-core/basics/lines.ts'
import { givenFolder } from '../../src-system/given-folder.ts'
import type { CcacheMode } from './ccache-mode.ts'
import type { Environment } from './environment.ts'
import { KnownGroups } from './known-groups.ts'
import { pointAt } from './links.ts'
import { type CrossCompiler, findProgram } from './toolchain.ts'

export type Ccache = {
  /**
   * The folder of compilers for a toolchain, and the settings. `statsLog` is written by each compile. `remote`
   * is the address of a cache of all machines.
   */
  readonly use: (
    toolchain: CrossCompiler,
    mode: CcacheMode,
    statsLog: string,
    remote?: string,
  ) => { readonly bin: string; readonly env: Environment }
  /** Groups of boards that were compiled in `preprocessor` mode. */
  readonly groups: KnownGroups
}

/** Compilers of the host's own tools, whose sources take in nothing that differs from board to board. */
const hostCompilers = ['gcc', 'cc']

/**
 * Settings under which a hit is as good as a compile. The folder of a compile is not hashed: it shows in
 * debug information only. The sloppiness concerns headers made a moment ago (every generated one):
 * they are compared by content all the same. The compiler is told by its content, because on some
 * systems every file has the same time.
 */
const settings: Environment = {
  CCACHE_COMPILERCHECK: 'content',
  CCACHE_NOHASHDIR: '1',
  CCACHE_SLOPPINESS: 'include_file_ctime,include_file_mtime',
}

export function createCcache(ccache: string, workDir: string, inherited: Environment): Ccache {
  const ours = cacheFolder(workDir, inherited)
  const cacheDir = inherited.CCACHE_DIR || join(ours, 'ccache')
  const made = new Set<string>()
  const makeHostCompiler = (path: string) => {
    const real = findProgram(basename(path), inherited.PATH ?? '')
    // A person may have ccache's own links in PATH: it is not to find itself.
    const isCcache = real === undefined || isSameFile(real, ccache)
    if (isCcache) pointAt(path, ccache)
    else replaceScript(path, dependScript(ccache, real))
  }
  return {
    groups: new KnownGroups(ours),
    use(toolchain, mode, statsLog, remote = '') {
      const depends = mode === 'depend'
      const bin = toolchain.cross || 'native'
      const name = depends ? join('depend', digestOf(toolchain.path), bin) : bin
      const folder = join(workDir, 'ccache-bin', name)
      if (!made.has(folder)) {
        mkdirSync(folder, { recursive: true })
        const gcc = join(folder, `${toolchain.cross}gcc`)
        if (depends) replaceScript(gcc, dependScript(ccache, toolchain.gcc))
        else pointAt(gcc, ccache)
        for (const host of hostCompilers) {
          if (host !== `${toolchain.cross}gcc`) makeHostCompiler(join(folder, host))
        }
        for (const cxx of ['g++', 'c++', `${toolchain.cross}g++`])
          pointAt(join(folder, cxx), ccache)
        made.add(folder)
      }
      const env = {
        ...settings,
        CCACHE_MAXSIZE: inherited.CCACHE_MAXSIZE || '10G',
        CCACHE_DIR: cacheDir,
        CCACHE_STATSLOG: statsLog,
        // What this machine has is given to the others, too.
        ...(remote !== '' && { CCACHE_REMOTE_STORAGE: remote, CCACHE_RESHARE: '1' }),
      }
      return { bin: folder, env }
    },
  }
}

/** Where this program keeps what can be made again. */
function cacheFolder(workDir: string, inherited: Environment): string {
  const cache = givenFolder(inherited.XDG_CACHE_HOME) ?? join(inherited.HOME || workDir, '.cache')
  return join(cache, 'slipway')
}

/**
 * A compiler that uses depend mode for C and for nothing else: an assembler file may take in a whole file
 * (`.incbin`: device trees, logos), which the compiler's list of what it depends on does not name, so that
 * in this mode ccache answers with what was in that file before. In the other mode it refuses such files.
 * What compiles no file of a tree (kbuild tries dozens of options on an empty one) costs less without ccache.
 */
function dependScript(ccache: string, gcc: string): string {
  const [program, compiler] = [ccache, gcc].map((path) => `'${path.replaceAll("'", "'\\''")}'`)
  return [
    '#!/bin/sh',
    'case $* in',
    '*.c) CCACHE_DEPEND=1; export CCACHE_DEPEND ;;',
    '*.S) ;;',
    `*) exec ${compiler} "$@" ;;`,
    'esac',
    `exec ${program} ${compiler} "$@"`,
    '',
  ].join('\n')
}

function isSameFile(one: string, other: string): boolean {
  return realpathSync(one) === realpathSync(other)
}

/** Compilers of one prefix in two folders are two. */
function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12)
}

function replaceScript(path: string, text: string): void {
  rmSync(path, { force: true })
  writeFileSync(path, text, { mode: 0o755 })
}

/** `shared`: of the hits, those that came from the cache of all machines. */
type CcacheCounts = { readonly hits: number; readonly misses: number; readonly shared: number }

/** What a statistics log tells of. */
export function parseStatsLog(text: string): CcacheCounts {
  const events = [...linesOf(text)]
  const countOf = (...names: string[]) => events.filter((event) => names.includes(event)).length
  return {
    hits: countOf('direct_cache_hit', 'preprocessed_cache_hit'),
    misses: countOf('cache_miss'),
    shared: countOf('remote_storage_hit'),
  }
}

/** Reads a statistics log; a build that compiled nothing has none. */
export function readStatsLog(path: string): CcacheCounts {
  try {
    return parseStatsLog(readFileSync(path, 'utf8'))
  } catch {
    return { hits: 0, misses: 0, shared: 0 }
  }
}

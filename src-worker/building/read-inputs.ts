/**
 * Which files of the source a build read: kbuild keeps beside each object what it was made from. Null
 * wherever that list may have a gap, since builds are left out for what it says.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { type BuildInputs, inputsOf } from '../../src-core/affected/build-inputs.ts'
import { LONGEST_VALUE_LINE, linesOf } from '../../src-core/basics/lines.ts'
import type { BuildPlace } from '../source/trees.ts'

/** More than a build of U-Boot has, many times over. */
const MOST_ENTRIES = 200_000
const MOST_BYTES = 256 * 1024 * 1024

/**
 * @param configs what the board was configured from, as make is given it: its defconfig and fragments
 */
export function readInputs(
  { tree, outDir }: Pick<BuildPlace, 'tree' | 'outDir'>,
  configs: readonly string[],
): BuildInputs | null {
  const lists = dependencyLists(outDir)
  if (lists === null) return null
  const paths = new Set<string>()
  let bytes = 0
  for (const list of lists) {
    const text = readFileSync(list, 'utf8')
    bytes += text.length
    const found = list.endsWith('.cmd') ? pathsOfCommand(text) : pathsOfRule(text)
    if (bytes > MOST_BYTES || found === null) return null
    for (const path of found) paths.add(path)
  }
  const files = sourcesAmong(paths, { tree, outDir })
  const configured = configSources(tree, configs)
  return files === null || configured === null ? null : inputsOf([...files, ...configured])
}

/**
 * The lists of a build folder. Null where an object has none, and where a tool has read sources by
 * itself: dtoc looks into every driver for boards without a device tree in SPL.
 */
function dependencyLists(outDir: string): string[] | null {
  const lists: string[] = []
  const objects: string[] = []
  const folders = [outDir]
  let entries = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      entries += 1
      const { name } = entry
      const path = join(folder, name)
      if (entries > MOST_ENTRIES || name === 'dt-plat.c') return null
      if (entry.isDirectory()) folders.push(path)
      else if (/\.(?:cmd|d|dep)$/.test(name)) lists.push(path)
      else if (/[^.]\.o$/.test(name) && !name.startsWith('.')) objects.push(path)
    }
  }
  const known = new Set(lists)
  const isKnown = (object: string) =>
    known.has(`${object}.d`) || known.has(join(dirname(object), `.${baseName(object)}.cmd`))
  return objects.length > 0 && objects.every(isKnown) ? lists : null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf(sep) + 1)
}

/** A source in a command. What is of another kind counts as read by all builds anyway. */
const sourceWord = /[^\s'"`();|&<>=,\\]+\.(?:[chS]|dts|dtsi|dtso)(?![\w.])/g

/** What a `.cmd` file names: in its command, as the source, and as what that includes. */
export function pathsOfCommand(text: string): Set<string> | null {
  const paths = new Set<string>()
  for (const line of linesOf(text, MOST_BYTES)) {
    if (line.startsWith('  ')) {
      const path = line.trim().replace(/ ?\\$/, '')
      // A symbol of the configuration, or a space in a name.
      if (path.startsWith('$(')) continue
      if (/[\s$\\]/.test(path)) return null
      if (path !== '') paths.add(path)
    } else {
      for (const [word] of line.matchAll(sourceWord)) paths.add(word)
    }
  }
  return paths
}

/** The files that a rule of make depends on, as compilers write it. Null for a name with a space in it. */
export function pathsOfRule(text: string): Set<string> | null {
  const paths = new Set<string>()
  if (/\\[^\n\r]|\$/.test(text)) return null
  for (const line of linesOf(text.replace(/\\\r?\n/g, ' '), MOST_BYTES)) {
    const colon = line.search(/:(?:\s|$)/)
    if (colon < 0 && line.trim() !== '') return null
    for (const word of line.slice(colon + 1).split(/\s+/)) if (word !== '') paths.add(word)
  }
  return paths
}

/** Those that lie in the tree and not in the build folder, both as spelt and without symbolic links. */
function sourcesAmong(
  paths: ReadonlySet<string>,
  { tree, outDir }: Pick<BuildPlace, 'tree' | 'outDir'>,
): Set<string> | null {
  const top = realpathSync(tree)
  const made = realpathSync(outDir)
  const files = new Set<string>()
  for (const path of paths) {
    // kbuild works in the build folder, other Makefiles in the tree.
    const spelt = isAbsolute(path) ? [path] : [resolve(made, path), resolve(top, path)]
    const found = spelt.flatMap((one) => realPath(one).flatMap((real) => [one, real]))
    // A file of the build folder may be there for the time of a command; of the source nothing goes away.
    if (found.length === 0 && isBelow(top, path) && !isBelow(made, path)) return null
    for (const each of found) {
      if (isBelow(top, each) && !isBelow(made, each)) files.add(relative(top, each))
    }
  }
  return files
}

/** Without symbolic links; none for what is not there. */
function realPath(path: string): string[] {
  try {
    return [realpathSync.native(path)]
  } catch {
    return []
  }
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder + sep)
}

/** Defconfigs and fragments, with what they include. Null for what can't be found in the obvious place. */
function configSources(tree: string, configs: readonly string[]): Set<string> | null {
  const files = new Set<string>()
  const waiting = configs.map((name) => `configs/${name}`)
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    files.add(file)
    let text: string
    try {
      text = readFileSync(join(tree, file), 'utf8')
    } catch {
      return null
    }
    for (const line of linesOf(text, LONGEST_VALUE_LINE)) {
      if (!/^\s*#\s*include\b/.test(line)) continue
      const name = /^\s*#\s*include\s*[<"]([^<>"]+)[>"]/.exec(line)?.[1]
      if (name === undefined) return null
      // Kbuild looks from the top of the tree, and the preprocessor beside the file, too.
      const found = [name, join(dirname(file), name)].filter((one) => isFile(join(tree, one)))
      if (found.length !== 1) return null
      waiting.push(...found.map((one) => relative(tree, resolve(tree, one))))
    }
  }
  return files
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** Which device trees a changed source file is part of, through any number of includes. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { linesOf } from '../../../src-core/basics/lines.ts'
import { readRegularFile } from '../read-regular-file.ts'

/**
 * @param changed device tree sources (`.dts`, `.dtsi`, `.h`) relative to the tree
 * @returns names of the `.dts` files (without folder and ending) that one of them is part of
 */
export async function deviceTreesWith(
  treeDir: string,
  changed: readonly string[],
): Promise<Set<string>> {
  const folders = new Set(changed.map((file) => path.posix.dirname(file)))
  const users = new Map<string, Set<string>>()
  for (const folder of folders) await addUsers(path.join(treeDir, folder), users)

  const found = new Set<string>()
  const open = changed.map((file) => path.posix.basename(file))
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue
    found.add(file)
    open.push(...(users.get(file) ?? []))
  }
  const trees = [...found].filter((file) => file.endsWith('.dts'))
  // The build adds NAME-u-boot.dtsi to NAME.dts by itself.
  const added = [...found].filter((file) => file.endsWith('-u-boot.dtsi'))
  return new Set([
    ...trees.map((file) => file.slice(0, -'.dts'.length)),
    ...added.map((file) => file.slice(0, -'-u-boot.dtsi'.length)),
  ])
}

/** Notes, for each file name that a source of the folder includes, who includes it. */
async function addUsers(folder: string, users: Map<string, Set<string>>): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const sources = names.filter((name) => /\.(dtsi?|h)$/.test(name))
  for (let at = 0; at < sources.length; at += readAtOnce) {
    const batch = sources.slice(at, at + readAtOnce)
    const texts = await Promise.all(batch.map((name) => readRegularFile(path.join(folder, name))))
    batch.forEach((name, index) => {
      for (const file of includesOf(texts[index] ?? '')) {
        const included = path.posix.basename(file)
        users.set(included, (users.get(included) ?? new Set()).add(name))
      }
    })
  }
}

const readAtOnce = 64
const includeLine = /^(?:#\s*include|\/include\/)\s*["<]([^">]+)[">]/

/** Files that a source includes, as it names them. */
export function includesOf(text: string): string[] {
  return [...linesOf(text)].flatMap((line) => includeLine.exec(line.trimStart())?.[1] ?? [])
}

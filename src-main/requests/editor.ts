import { spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { fail, ok, type Result } from '../../src-core/result.ts'

/** A place in a source file; line and column count from 1. */
export type EditorPlace = {
  readonly treeDir: string
  /** As a compiler names it: below the tree, or absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * Opens a place of the tree in the user's editor. The file name comes from a log, so only files
 * that really lie in the tree are opened, and no shell ever sees the name.
 */
export async function openInEditor(template: string, place: EditorPlace): Promise<Result<void>> {
  const file = await fileInTree(place)
  if (!file.ok) return file
  const [program, ...args] = editorCommand(template, file.value, place)
  if (program === undefined) {
    return fail(
      'No editor is set',
      'Settings, Editor command; for instance: code --goto {file}:{line}',
    )
  }
  return new Promise((settle) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', cwd: place.treeDir })
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle(
        error.code === 'ENOENT'
          ? fail(`The editor '${program}' is not installed`, 'Settings, Editor command')
          : fail(`The editor '${program}' can't be started: ${error.message}`),
      ),
    )
    child.on('spawn', () => {
      child.unref()
      settle(ok(undefined))
    })
  })
}

/** The words of the command; `{file}`, `{line}` and `{column}` are filled in after splitting. */
export function editorCommand(
  template: string,
  file: string,
  at: { readonly line: number; readonly column: number },
): string[] {
  const values: Record<string, string> = {
    file,
    line: String(at.line),
    column: String(at.column),
  }
  const words = template.split(/\s+/).filter((word) => word !== '')
  const filled = words.map((word) =>
    word.replace(/\{(file|line|column)\}/g, (_whole, name: string) => values[name] ?? ''),
  )
  const namesFile = words.some((word) => word.includes('{file}'))
  return namesFile || filled.length === 0 ? filled : [...filled, file]
}

async function fileInTree(place: EditorPlace): Promise<Result<string>> {
  try {
    const tree = await realpath(place.treeDir)
    const file = await realpath(resolve(tree, place.file))
    const inside = relative(tree, file)
    const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    return outside ? fail(`${place.file} lies outside the tree ${tree}`) : ok(file)
  } catch {
    return fail(
      `${place.file} is not in the tree ${place.treeDir}`,
      'It may have been made by the build, or belong to another commit',
    )
  }
}

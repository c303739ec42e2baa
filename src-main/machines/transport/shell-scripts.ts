import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { shellWord } from './shell-quote.ts'

/** The POSIX sh programs in `resources/` that machines run from their standard input. */
export type ShellScript = 'probe.sh' | 'kill-workers.sh' | 'unpack-toolchain.sh'

const texts = new Map<ShellScript, Promise<string>>()

/**
 * A script with its arguments before it, as assignments: `name='value'`. Names are written by us;
 * values may hold anything.
 */
export async function shellScript(
  script: ShellScript,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const text = texts.get(script) ?? readFile(resourceFile(script), 'utf8')
  texts.set(script, text)
  const assignments = Object.entries(values).map(([name, value]) => `${name}=${shellWord(value)}\n`)
  return assignments.join('') + (await text)
}

/** Sources and bundles lie at different depths below the folder that holds `resources/`. */
function resourceFile(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'resources', name)
    if (existsSync(file)) return file
    if (folder === dirname(folder)) {
      throw new Error(`resources/${name} is missing from this installation of Slipway`)
    }
  }
}

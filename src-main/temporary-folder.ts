import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where temporary files go if not where TMPDIR says. */
const otherPlaces = ['/tmp', '/var/tmp', '/dev/shm']

/** A place of ours in the stead of one that takes no files, and what was said of it. */
let replaced: { readonly place: string; readonly note: string } | null = null

/**
 * Looks whether files can be made where TMPDIR says. If not, this process and its children get another
 * place, and what comes back says so to a person; it is empty if all is well.
 */
export function mendTemporaryPlace(): string {
  const asked = tmpdir()
  if (replaced?.place === asked) return replaced.note
  const trouble = troubleWith(asked)
  if (trouble === '') return ''
  const place = otherPlaces.find((one) => troubleWith(one) === '')
  const what = `no temporary files can be made in ${process.env.TMPDIR ? 'TMPDIR=' : ''}${asked} (${trouble})`
  if (place === undefined) return `${what}. Set TMPDIR`
  const note = `${what}: ${place} is used`
  process.env.TMPDIR = place
  replaced = { place, note }
  return note
}

/** Empty if files can be made there, from wherever a program runs. */
function troubleWith(place: string): string {
  if (!isAbsolute(place)) return 'it is no absolute path'
  try {
    rmdirSync(mkdtempSync(join(place, 'slipway-')))
    return ''
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

/**
 * A folder of its own for the caller, who removes it. It lies where temporary files go or, if none can
 * be made there by now or the path would have more than `longest` bytes, at the next place that takes one.
 */
export async function makeTemporaryFolder(prefix: string, longest = 4000): Promise<string> {
  const places = [...new Set([tmpdir(), ...otherPlaces])]
  const problems: string[] = []
  for (const place of places) {
    const start = join(place, prefix)
    if (Buffer.byteLength(start) + 6 > longest) {
      problems.push(`${place}: too long`)
      continue
    }
    try {
      return await mkdtemp(start)
    } catch (error) {
      problems.push(`${place}: ${(error as NodeJS.ErrnoException).code}`)
    }
  }
  throw new Error(`no temporary folder can be made here (${problems.join(', ')}). Set TMPDIR`)
}

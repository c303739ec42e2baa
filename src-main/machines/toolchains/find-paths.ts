import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The existing paths that an absolute pattern with `*`, `?` and `[...]` means, sorted by name, so
 * that nothing depends on the order of a directory. As a shell has it, `*` leaves out dot files.
 */
export async function expandPattern(pattern: string): Promise<string[]> {
  let paths = ['/']
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    const found = await Promise.all(paths.map((path) => matches(path, part)))
    paths = found.flat()
  }
  return paths
}

async function matches(folder: string, part: string): Promise<string[]> {
  if (!/[*?[]/.test(part)) return (await exists(join(folder, part))) ? [join(folder, part)] : []
  const regex = toRegex(part)
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => regex.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .sort()
    .map((name) => join(folder, name))
}

function toRegex(part: string): RegExp {
  const source = part.replace(/\[!?[^\]]+\]|[\s\S]/g, (piece) => {
    if (piece === '*') return '.*'
    if (piece === '?') return '.'
    if (piece.length > 1) return piece.replace('[!', '[^').replaceAll('\\', '\\\\')
    return piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    // `[z-a]` and the like match nothing.
    return /(?!)/
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

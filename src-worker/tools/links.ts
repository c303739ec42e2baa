import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { CrossCompiler } from './toolchain.ts'

/** What of a native compiler's folder is the compiler: the rest of it is everybody's. */
const nativeNames = ['gcc', 'g++', 'cpp']

/**
 * A folder with nothing but links to the compiler and the tools of its prefix, for PATH: the folder where
 * they are may hold another python and another make than come first there. Returns its path.
 */
export function linksToTools(workDir: string, { gcc, path, cross }: CrossCompiler): string {
  const folder = join(workDir, 'compiler-bin', path.replaceAll('/', '+'), cross || 'native')
  mkdirSync(folder, { recursive: true })
  const own = [basename(gcc), ...(cross === '' ? nativeNames : [])]
  const isOurs = (name: string) => own.includes(name) || (cross !== '' && name.startsWith(cross))
  for (const name of readdirSync(path).filter(isOurs)) pointAt(join(folder, name), join(path, name))
  return folder
}

/** Makes a link, in the place of whatever file or link there is. */
export function pointAt(link: string, target: string): void {
  if (leadsTo(link, target)) return
  rmSync(link, { force: true })
  symlinkSync(target, link)
}

function leadsTo(link: string, target: string): boolean {
  try {
    return readlinkSync(link) === target
  } catch {
    return false
  }
}

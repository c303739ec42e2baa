/**
 * Whether a make that ended well did its work. One that is told only to say what it would do (`-n` in its
 * flags), a wrapper that loses make's status and a program of that name that does nothing all end with 0.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildPlace } from '../source/trees.ts'
import { fileThere } from './collect-tools.ts'
import type { MakeRequest } from './make-plan.ts'

/** A make that goes on after this says "(ignored)", and a make in a make has its depth behind its name. */
const failedMake = /^g?make: \*\*\* .*/m
/** U-Boot's rule for its image; before 2014 it had the output folder before its name. */
const makesImage = /^(?:\$\(obj\))?u-boot[ \t]*:(?!=)/m
const LARGEST_MAKEFILE = 4 * 1024 * 1024

export type EndedWell = {
  readonly place: Pick<BuildPlace, 'tree' | 'outDir'>
  readonly request: MakeRequest
  readonly configOnly: boolean
  readonly stdout: string
  readonly stderr: string
}

/** Why a make that ended well is not believed; empty where it is. Its images were removed before. */
export async function whyNotBelieved(build: EndedWell): Promise<string> {
  const { place, request, configOnly, stdout, stderr } = build
  const failed = failedMake.exec(stderr) ?? failedMake.exec(stdout)
  if (failed) return `make there ended with status 0, but said '${failed[0].slice(0, 200)}'`
  if (request.settings.make_target !== '') return ''
  const lies = (file: string) =>
    `make there ended with status 0, but made no ${file}: is it make, and what do its flags say?`
  if (!(await fileThere(join(place.outDir, '.config')))) return lies('.config')
  if (configOnly || (await fileThere(join(place.outDir, 'u-boot')))) return ''
  return (await makesImageOf(place.tree)) ? lies('u-boot') : ''
}

async function makesImageOf(tree: string): Promise<boolean> {
  const makefile = join(tree, 'Makefile')
  const found = await fileThere(makefile)
  if (!found || found.size > LARGEST_MAKEFILE) return false
  return makesImage.test(await readFile(makefile, 'utf8').catch(() => ''))
}

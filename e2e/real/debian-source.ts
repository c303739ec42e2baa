import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Debian's source package of U-Boot: the tarball of a release, and what Debian changes in it. */

const run = promisify(execFile)

/** Which Debian has which release of U-Boot. */
const suites = { '2023.01': 'bookworm', '2025.01': 'trixie' } as const

export type Release = keyof typeof suites

/** The files of a source package; `debian` is missing where the mirror can't give it. */
export type SourcePackage = { readonly original: string; readonly debian?: string }

/**
 * Downloads it into `work` with apt's own checks (a file has its name only when its hash is right),
 * leaving the system's lists alone.
 */
export async function downloadSource(release: Release, work: string): Promise<SourcePackage> {
  const state = join(work, 'apt')
  for (const dir of ['lists/partial', 'cache/archives/partial', 'parts']) {
    await mkdir(join(state, dir), { recursive: true })
  }
  const list = join(state, 'sources.list')
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const suite = suites[release]
  await writeFile(list, `deb-src [signed-by=${keyring}] ${await debianMirror()} ${suite} main\n`)
  const options = [
    `Dir::Etc::SourceList=${list}`,
    `Dir::Etc::SourceParts=${join(state, 'parts')}`,
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
  await run('apt-get', [...options, '-qq', 'update'])
  const download = [...options, '-qq', '--download-only', 'source', 'u-boot']
  const problem = await run('apt-get', download, { cwd: work }).then(
    () => '',
    // Some mirrors don't know names with a `+`, as a security update's `.dsc` has; the tarball is there.
    (error: Error) => error.message,
  )
  const files = await readdir(work)
  const pick = (ending: RegExp) => files.find((file) => ending.test(file))
  const [original, debian] = [pick(/\.orig\.tar\.[a-z0-9]+$/), pick(/\.debian\.tar\.[a-z0-9]+$/)]
  if (original === undefined) {
    throw new Error(`no tarball of U-Boot ${release} in ${files.join(' ')}: ${problem}`)
  }
  return { original: join(work, original), ...(debian && { debian: join(work, debian) }) }
}

/** The mirror that this machine uses already; it is the one that can be reached. */
async function debianMirror(): Promise<string> {
  const dir = '/etc/apt/sources.list.d'
  const files = ['/etc/apt/sources.list']
  if (existsSync(dir)) files.push(...(await readdir(dir)).map((name) => join(dir, name)))
  for (const file of files.filter((name) => existsSync(name))) {
    const found = /https?:\/\/\S*\/debian(?=\/?\s)/.exec(await readFile(file, 'utf8'))
    if (found) return found[0]
  }
  return 'http://deb.debian.org/debian'
}

/** Unpacks a tarball without its top folder. */
export async function unpack(tarball: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await run('tar', ['-xf', tarball, '-C', folder, '--strip-components=1'])
}

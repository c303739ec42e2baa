/**
 * Makes dist/slipway_VERSION_ARCH.deb and dist/slipway-VERSION-linux-ARCH.tar.xz from the app that
 * electron-builder unpacked, with the system's dpkg-deb and tar. `--release` packs them as small as
 * they get; without it they are made quickly, for tests.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import {
  fetchRuntime,
  type NodeRuntime,
  nodeName,
  runtimeFor,
} from '../../../src-main/machines/provision/node-runtime.ts'
import { userPlaces } from '../../../src-main/user-places.ts'
import { must } from '../../run-command.mjs'
import { controlText } from './control.ts'
import { layOut } from './lay-out.ts'

/** Debian's and uname's names of what `process.arch` calls so. */
const architectures: Readonly<Record<string, { debian: string; uname: string }>> = {
  x64: { debian: 'amd64', uname: 'x86_64' },
  arm64: { debian: 'arm64', uname: 'aarch64' },
}

const root = join(import.meta.dirname, '..', '..', '..')
const dist = join(root, 'dist')
const release = process.argv.includes('--release')

const architecture = architectures[process.arch]
if (process.platform !== 'linux' || architecture === undefined) {
  console.log(`Packages for Linux are made on Linux, on x64 or arm64: not on this computer.`)
} else {
  await makePackages(architecture)
}

async function makePackages({ debian, uname }: { debian: string; uname: string }): Promise<void> {
  const { version } = packageJson
  const work = await mkdtemp(join(tmpdir(), 'slipway-package-'))
  try {
    const usr = join(work, 'usr')
    const runtime = runtimeFor('Linux', uname)
    if (runtime === null) throw new Error(`There is no Node to pack for ${uname}.`)
    const node = await unpackNode(work, runtime)
    const app = join(dist, 'linux-unpacked')
    await layOut(usr, { root, app, node, nodeName: nodeName(runtime), version })
    const file = join(dist, `slipway_${version}_${debian}.deb`)
    await makeDeb(work, usr, { version, debian, file })
    await makeTar(usr, `slipway-${version}-linux-${process.arch}`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The Node that is brought to machines without one: checked against the sum in the source. */
async function unpackNode(work: string, runtime: NodeRuntime): Promise<string> {
  const signal = AbortSignal.timeout(10 * 60_000)
  const { cacheDir } = userPlaces()
  const fetched = await fetchRuntime(runtime, { cacheDir, signal, progress: () => {} })
  if (!fetched.ok) throw new Error(`${fetched.problem.what}\n${fetched.problem.hint}`)
  const folder = join(work, 'node')
  await mkdir(folder)
  await must('tar', ['-xzf', fetched.value, '-C', folder, 'package/bin/node'])
  return join(folder, 'package', 'bin', 'node')
}

type Deb = { readonly version: string; readonly debian: string; readonly file: string }

async function makeDeb(work: string, usr: string, { version, debian, file }: Deb): Promise<void> {
  // Chromium's own way into its sandbox, where the kernel gives ordinary users no namespaces.
  await chmod(join(usr, 'lib', 'slipway', 'app', 'chrome-sandbox'), 0o4755)
  const files = join(work, 'deb')
  await mkdir(join(files, 'DEBIAN'), { recursive: true })
  await must('mv', [usr, join(files, 'usr')])
  const size = await must('du', ['-sk', join(files, 'usr')])
  const { description, author } = packageJson
  const control = controlText({
    version,
    description,
    maintainer: author,
    architecture: debian,
    installedSize: Number.parseInt(size, 10),
  })
  await writeFile(join(files, 'DEBIAN', 'control'), control)
  const packing = release ? ['-Zxz'] : ['-Zgzip', '-z1']
  await must('dpkg-deb', ['--root-owner-group', ...packing, '--build', files, file])
  console.log(`made ${file}`)
  await must('mv', [join(files, 'usr'), usr])
}

/** The same for other distributions and accounts without rights: to be unpacked anywhere. */
async function makeTar(usr: string, name: string): Promise<void> {
  await chmod(join(usr, 'lib', 'slipway', 'app', 'chrome-sandbox'), 0o755)
  const file = join(dist, `${name}.tar.xz`)
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name']
  const packing = ['-I', release ? 'xz -T0 -6' : 'xz -T0 -0']
  // `flags=r` leaves what symbolic links name as it is.
  const renamed = ['--transform', `flags=r;s,^\\.,${name},`]
  await must('tar', [...owner, ...renamed, ...packing, '-cf', file, '-C', usr, '.'])
  console.log(`made ${file}`)
}

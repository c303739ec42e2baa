import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  account,
  type HostOptions,
  knownHostLines,
  makeHostDir,
  makeKey,
  sshConfigEntry,
  writeHostFiles,
} from './files.ts'
import { type Host, startHost, viewOf } from './host.ts'
import { makeNetwork, type Network, removeBridge } from './network.ts'
import { startTime } from './processes.ts'

export type LabOptions = {
  /**
   * Hosts with processes, network, /tmp, host name and load of their own, which can be cut off.
   * Needs root on Linux. Else they share everything with this machine but their home, TMPDIR and
   * XDG_RUNTIME_DIR, and listen on 127.0.0.1.
   */
  readonly isolated?: boolean
  /** The same for all hosts, or a choice by index from 0. */
  readonly each?: HostOptions | ((index: number) => HostOptions)
  /** All hosts have one home folder, as where homes lie on a file server. */
  readonly sharedHome?: boolean
  /** Default: h1, h2, ... */
  readonly names?: readonly string[]
}

/** Real OpenSSH servers on this machine, for tests. */
export type Lab = {
  readonly dir: string
  /** For `ssh -F` and SLIPWAY_SSH_CONFIG: one `Host` entry a host. */
  readonly sshConfig: string
  /** A private key that every host accepts. */
  readonly key: string
  readonly knownHosts: string
  readonly hosts: readonly Host[]
  host(name: string): Host
  /** Ends every process of every host and deletes every file. */
  stop(): Promise<void>
}

const prefix = 'slipway-lab-'

/** Starts `count` hosts; each answers when this resolves. Always `stop()` the lab. */
export async function startHosts(count: number, options: LabOptions = {}): Promise<Lab> {
  await removeAbandonedLabs()
  const dir = await mkdtemp(join(tmpdir(), prefix))
  const network = options.isolated ? await makeNetwork() : null
  await writeFile(
    join(dir, 'owner'),
    `${process.pid} ${await startTime(process.pid)} ${network?.bridge ?? ''}\n`,
  )
  const hosts: Host[] = []
  const stop = async () => {
    await Promise.all(hosts.map((host) => host.kill()))
    await network?.remove()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    const key = join(dir, 'key')
    await makeKey(key, 'ed25519')
    const names = Array.from(
      { length: count },
      (_, index) => options.names?.[index] ?? `h${index + 1}`,
    )
    await writeFile(join(dir, 'hosts'), hostsFile(names, network))
    const settled = await Promise.allSettled(
      names.map(async (name, index) =>
        hosts.push(await startOne(dir, name, index, network, options)),
      ),
    )
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    hosts.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
    await writeClientFiles(dir, hosts)
    return {
      dir,
      sshConfig: join(dir, 'ssh_config'),
      key,
      knownHosts: join(dir, 'known_hosts'),
      hosts,
      host(name) {
        const found = hosts.find((host) => host.name === name)
        if (!found) throw new Error(`no lab host ${name}: there are ${names.join(', ')}`)
        return found
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startOne(
  labDir: string,
  name: string,
  index: number,
  network: Network | null,
  lab: LabOptions,
): Promise<Host> {
  const options = (typeof lab.each === 'function' ? lab.each(index) : lab.each) ?? {}
  const dir = await makeHostDir(
    join(labDir, name),
    lab.sharedHome ? join(labDir, 'home') : undefined,
  )
  const address = network?.address(index) ?? '127.0.0.1'
  const port = network ? 22 : await freePort()
  const authorizedKey = await readFile(join(labDir, 'key.pub'), 'utf8')
  await writeHostFiles(
    dir,
    viewOf(dir, network !== null),
    { address, port },
    authorizedKey,
    options,
  )
  return startHost({ name, index, dir, address, port, options, network })
}

/** ssh_config and known_hosts for all hosts. */
async function writeClientFiles(dir: string, hosts: readonly Host[]): Promise<void> {
  const knownHosts = join(dir, 'known_hosts')
  const entries = hosts.map((host) =>
    sshConfigEntry(
      {
        HostName: host.address,
        Port: String(host.port),
        User: account().user,
        IdentityFile: join(dir, 'key'),
        IdentitiesOnly: 'yes',
        IdentityAgent: 'none',
        UserKnownHostsFile: knownHosts,
        GlobalKnownHostsFile: 'none',
      },
      host.name,
    ),
  )
  const keys = await Promise.all(hosts.map((host) => knownHostLines(host.etc, knownName(host))))
  await writeFile(join(dir, 'ssh_config'), entries.join('\n'))
  await writeFile(knownHosts, keys.flat().join('\n') + '\n')
}

function knownName({ address, port }: Host): string {
  return port === 22 ? address : `[${address}]:${port}`
}

function hostsFile(names: readonly string[], network: Network | null): string {
  const lines = names.map((name, index) => `${network?.address(index) ?? '127.0.0.1'}\t${name}`)
  return ['127.0.0.1\tlocalhost', `${network?.gateway ?? '127.0.0.1'}\tboss`, ...lines, ''].join(
    '\n',
  )
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address === 'object' && address) return address.port
  throw new Error('no free port on 127.0.0.1')
}

/** What labs left whose process was killed: their hosts died with them, folders and bridges did not. */
async function removeAbandonedLabs(): Promise<void> {
  const labs = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix))
  for (const name of labs) {
    const dir = join(tmpdir(), name)
    const [pid = '', started = '', bridge = ''] = (
      await readFile(join(dir, 'owner'), 'utf8').catch(() => '')
    )
      .trim()
      .split(' ')
    // Without an owner it is being made right now.
    if (pid === '' || (await startTime(Number(pid))) === started) continue
    if (bridge) await removeBridge(bridge)
    await rm(dir, { recursive: true, force: true })
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawn as spawnTerminal } from 'node-pty'
import ssh2, {
  type AuthContext,
  type Connection,
  type ParsedKey,
  type PseudoTtyInfo,
  type ServerChannel,
  type Session,
  type WindowChangeInfo,
} from 'ssh2'
import { processId } from '../../src-system/process-id.ts'

/**
 * Three pretend build machines for people without any: SSH servers inside this program, on
 * loopback, each with a home of its own and keys that are made anew every time. They are
 * reached exactly as real machines are, through the `ssh_config` and `[machines]` written here.
 */
export type DemoMachines = {
  readonly names: readonly string[]
  readonly sshConfigFile: string
  readonly buildmanFile: string
  /** Ends the servers and every process they started. */
  stop(): Promise<void>
}

/** Native New Zealand trees; none is a name that a real machine is likely to have. */
const names = ['demo-kauri', 'demo-rimu', 'demo-totara'] as const

/** Starts the machines; everything they own lies in `dir`. Rejects if no port can be had. */
export async function startDemoMachines(dir: string): Promise<DemoMachines> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const client = makeKeyPair()
  const keyFile = join(dir, 'key')
  await writeFile(keyFile, client.private, { mode: 0o600 })
  const clientKey = parseKey(client.public)
  const machines = await Promise.all(names.map((name) => startMachine(name, dir, clientKey)))
  const sshConfigFile = join(dir, 'ssh_config')
  const knownHostsFile = join(dir, 'known_hosts')
  const buildmanFile = join(dir, 'buildman')
  await writeFile(knownHostsFile, machines.map((machine) => `${machine.knownHost}\n`).join(''))
  await writeFile(
    sshConfigFile,
    machines
      .map((machine) => hostBlock(machine.name, machine.port, keyFile, knownHostsFile))
      .join(''),
  )
  await writeFile(buildmanFile, settingsText())
  return {
    names,
    sshConfigFile,
    buildmanFile,
    stop: async () => {
      await Promise.all(machines.map((machine) => machine.stop()))
    },
  }
}

/** What a command of a demo machine sees. */
type Environment = Record<
  'HOME' | 'USER' | 'PATH' | 'LANG' | 'XDG_RUNTIME_DIR' | 'SLIPWAY_DEMO',
  string
>

type Machine = { name: string; port: number; knownHost: string; stop(): Promise<void> }

async function startMachine(name: string, dir: string, clientKey: ParsedKey): Promise<Machine> {
  const home = join(dir, name)
  await mkdir(join(home, '.run'), { recursive: true, mode: 0o700 })
  const hostKey = makeKeyPair()
  const children = new Set<ChildProcess>()
  const connections = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [hostKey.private], ident: 'slipway-demo' }, (peer) => {
    connections.add(peer)
    peer.on('close', () => connections.delete(peer))
    // A peer that goes away in the middle is no fault of the demo's; 'close' follows.
    peer.on('error', () => connections.delete(peer))
    peer.on('authentication', (request) => authenticate(request, clientKey))
    peer.on('session', (accept) => serveSession(accept(), home, name, children))
  })
  const port = await listen(server)
  return {
    name,
    port,
    knownHost: `[127.0.0.1]:${port} ${hostKey.public.trim()}`,
    stop: () =>
      new Promise((resolve) => {
        for (const child of children) endGroup(child)
        for (const connection of connections) connection.end()
        server.close(() => resolve())
      }),
  }
}

function listen(server: ssh2.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address && typeof address === 'object') resolve(address.port)
      else reject(new Error(`the demo machine has no port but ${address}`))
    })
  })
}

/** About one in 250 of the keys that ssh2 1.17 makes is malformed: then it makes another. */
function makeKeyPair(): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    const isWhole = [pair.private, pair.public].every(
      (text) => !(ssh2.utils.parseKey(text) instanceof Error),
    )
    if (isWhole) return pair
  }
}

function parseKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error) throw key
  return key
}

/** Lets in whoever holds the key that lies in the demo's own folder, and nobody else. */
function authenticate(request: AuthContext, clientKey: ParsedKey): void {
  if (request.method !== 'publickey' || !request.key.data.equals(clientKey.getPublicSSH())) {
    request.reject(['publickey'])
    return
  }
  const { blob, signature } = request
  if (!blob || !signature) {
    request.accept()
    return
  }
  if (clientKey.verify(blob, signature, request.hashAlgo) === true) request.accept()
  else request.reject()
}

function serveSession(
  session: Session,
  home: string,
  name: string,
  children: Set<ChildProcess>,
): void {
  let size: PseudoTtyInfo | undefined
  const env = environment(home, name)
  session.on('pty', (accept, _reject, info) => {
    size = info
    accept()
  })
  session.on('exec', (accept, _reject, { command }) => {
    if (size) serveTerminal(accept(), session, size, env, ['-c', command])
    else serveCommand(accept(), command, env, children)
  })
  session.on('shell', (accept) => serveTerminal(accept(), session, size, env, ['-i']))
}

function environment(home: string, name: string): Environment {
  return {
    HOME: home,
    USER: process.env.USER ?? 'demo',
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: process.env.LANG ?? 'C.UTF-8',
    XDG_RUNTIME_DIR: join(home, '.run'),
    SLIPWAY_DEMO: name,
  }
}

function serveCommand(
  channel: ServerChannel,
  command: string,
  env: Environment,
  children: Set<ChildProcess>,
): void {
  const child = spawn('/bin/sh', ['-c', command], { env, cwd: env.HOME, detached: true })
  children.add(child)
  channel.pipe(child.stdin)
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  // Both sides may go first; what is then still written has nowhere to go.
  child.stdin.on('error', () => {})
  channel.on('error', () => {})
  channel.on('close', () => child.stdin.end())
  child.on('error', (error) => {
    channel.stderr.write(`${error.message}\n`)
    finish(channel, 127)
  })
  child.on('close', (code, signal) => {
    children.delete(child)
    if (signal) {
      channel.exit(signal.replace(/^SIG/, ''))
      channel.end()
    } else finish(channel, code ?? 1)
  })
}

function finish(channel: ServerChannel, code: number): void {
  channel.exit(code)
  channel.end()
}

function serveTerminal(
  channel: ServerChannel,
  session: Session,
  size: PseudoTtyInfo | undefined,
  env: Environment,
  args: string[],
): void {
  const terminal = spawnTerminal('/bin/sh', args, {
    name: 'xterm-256color',
    cols: size?.cols || 80,
    rows: size?.rows || 24,
    cwd: env.HOME,
    env,
  })
  session.on('window-change', (_accept, _reject, info: WindowChangeInfo) =>
    terminal.resize(info.cols || 80, info.rows || 24),
  )
  terminal.onData((data) => channel.write(data))
  terminal.onExit(({ exitCode }) => finish(channel, exitCode))
  channel.on('data', (data: Buffer) => terminal.write(data.toString('utf8')))
  channel.on('close', () => terminal.kill())
}

/** The group of a command: what it started goes with it. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-processId(child.pid), 'SIGTERM')
  } catch {
    // It ended in the meantime.
  }
}

/** The load of this computer is all theirs, so it is no reason to leave one of them out. */
function settingsText(): string {
  const list = names.map((name) => `${name} = ${name}\n`).join('')
  const sections = names.map((name) => `\n[machine:${name}]\nmax_load_per_core = 1000\n`)
  return `[toolchain]\nroot = /\n\n[machines]\n${list}${sections.join('')}`
}

function hostBlock(name: string, port: number, keyFile: string, knownHostsFile: string): string {
  return [
    `Host ${name}`,
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  IdentityFile "${keyFile}"`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile "${knownHostsFile}"`,
    '  GlobalKnownHostsFile none',
    '',
    '',
  ].join('\n')
}

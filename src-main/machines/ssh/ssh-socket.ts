import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { withPipes } from '../../with-pipes.ts'
import { joinStreams } from '../transport/join-streams.ts'
import { TransportError } from '../transport/transport.ts'
import type { SshHost } from './ssh-host.ts'

/** Two of its addresses may be tried, and the first may be far away: node's 250 ms is too hasty. */
const eachAddressMs = 2000

/** A stream to the SSH server of `host`, straight or through its ProxyCommand. */
export async function openSocket(host: SshHost, signal: AbortSignal): Promise<Duplex> {
  for (let attempt = 1; ; attempt++) {
    try {
      return host.proxyCommand === '' ? await dial(host, signal) : await runProxy(host, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (attempt >= host.connectionAttempts) throw error
      await sleep(1000, undefined, { signal })
    }
  }
}

async function dial(host: SshHost, signal: AbortSignal): Promise<Socket> {
  const families = { any: 0, inet: 4, inet6: 6 } as const
  const localAddress = ownAddress(host)
  const socket = connect({
    host: host.hostName,
    port: host.port,
    family: families[host.addressFamily],
    // Measured: without it ssh2 takes 5 to 100 times as long for small packets.
    noDelay: true,
    autoSelectFamilyAttemptTimeout: eachAddressMs,
    ...(localAddress !== '' && { localAddress }),
  })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw unreachable(host, error as NodeJS.ErrnoException)
  }
}

/** The address to come from: BindAddress, or one of BindInterface; empty for any. */
function ownAddress({ machine, bindAddress, bindInterface, addressFamily }: SshHost): string {
  if (bindAddress !== '' || bindInterface === '') return bindAddress
  const wanted = addressFamily === 'inet6' ? 'IPv6' : 'IPv4'
  const addresses = networkInterfaces()[bindInterface] ?? []
  const found = addresses.find(({ family }) => family === wanted) ?? addresses[0]
  if (found) return found.address
  throw new TransportError(
    machine,
    'config',
    `${machine}: this computer has no network interface ${bindInterface} with an address`,
    'Look at BindInterface in ssh_config.',
  )
}

function unreachable(host: SshHost, error: NodeJS.ErrnoException): TransportError {
  const where = `${host.hostName} port ${host.port}`
  const say = (message: string, hint: string) =>
    new TransportError(host.machine, 'unreachable', `${host.machine}: ${message}`, hint, error)
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say(
        `the name ${host.hostName} is not known`,
        'Check the spelling, and HostName in ssh_config.',
      )
    case 'ECONNREFUSED':
      return say(`nothing listens on ${where}`, 'Is sshd running there, and on that port?')
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
      return say(`no way to ${where}`, 'Is the machine on, and is this computer in its network?')
    case 'EADDRNOTAVAIL':
      return say(
        `no way to ${where} from ${host.bindAddress || host.bindInterface || 'here'}`,
        'Look at BindAddress and BindInterface in ssh_config.',
      )
    default:
      return say(`connecting to ${where}: ${error.message || error.code}`, '')
  }
}

/** As ssh does, through the user's shell; its stderr is for the message when it fails. */
async function runProxy(host: SshHost, signal: AbortSignal): Promise<Duplex> {
  const { machine, proxyCommand } = host
  const child = withPipes(spawn(`exec ${proxyCommand}`, { shell: true, stdio: 'pipe' }))
  const { stdin, stdout, stderr } = child
  const failure = (what: string, cause?: Error) =>
    new TransportError(
      machine,
      'unreachable',
      `${machine}: ProxyCommand ${what}`,
      `It was: ${proxyCommand}`,
      cause,
    )
  let said = ''
  stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000)
  })
  stdin.on('error', () => {}) // its exit status tells more
  const { stream, over } = joinStreams(stdout, stdin, () => {
    child.kill()
    // What it started may go on without it, and waits for these to close.
    for (const pipe of [stdin, stdout, stderr]) pipe.destroy()
  })
  child.on('error', () => {}) // it can't be started: said below
  child.on('close', (code, name) => {
    const how = code === null ? `was ended by ${name}` : `ended with status ${code}`
    over(code === 0 ? undefined : failure(`${how}${said === '' ? '' : `: ${said.trim()}`}`))
  })
  try {
    await once(child, 'spawn', { signal })
    return stream
  } catch (error) {
    stream.destroy()
    signal.throwIfAborted()
    const { message } = error as Error
    throw failure(`does not start: ${message}`, error as Error)
  }
}

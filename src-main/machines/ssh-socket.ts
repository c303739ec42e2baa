import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { SshHost } from './ssh-config.ts'
import { TransportError } from './transport.ts'

/** A stream to the SSH server of `host`, straight or through its ProxyCommand. */
export async function openSocket(host: SshHost, signal: AbortSignal): Promise<Duplex> {
  return host.proxyCommand === '' ? dial(host, signal) : runProxy(host, signal)
}

async function dial(host: SshHost, signal: AbortSignal): Promise<Socket> {
  const families = { any: 0, inet: 4, inet6: 6 } as const
  const socket = connect({
    host: host.hostName,
    port: host.port,
    family: families[host.addressFamily],
    // Measured: without it ssh2 takes 5 to 100 times as long for small packets.
    noDelay: true,
    ...(host.bindAddress !== '' && { localAddress: host.bindAddress }),
  })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw error
    throw unreachable(host, error as NodeJS.ErrnoException)
  }
}

function unreachable(host: SshHost, error: NodeJS.ErrnoException): TransportError {
  const where = `${host.hostName} port ${host.port}`
  const say = (message: string, hint: string) =>
    new TransportError(host.machine, 'unreachable', `${host.machine}: ${message}`, hint, error)
  // With several addresses, node says what each answered.
  const code = error.code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code
  switch (code) {
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
    default:
      return say(`connecting to ${where}: ${error.message}`, '')
  }
}

/** As ssh does, through the user's shell; its stderr is for the message when it fails. */
async function runProxy(host: SshHost, signal: AbortSignal): Promise<Duplex> {
  const child = spawn(`exec ${host.proxyCommand}`, { shell: true, stdio: 'pipe' })
  const { stdin, stdout, stderr } = child
  await once(child, 'spawn', { signal })
  let said = ''
  stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000)
  })
  const stream = new Duplex({
    read: () => stdout.resume(),
    write: (chunk, _encoding, done) => stdin.write(chunk, done),
    final: (done) => stdin.end(done),
    destroy(error, done) {
      child.kill()
      done(error)
    },
  })
  stdout.on('data', (chunk) => {
    if (!stream.push(chunk)) stdout.pause()
  })
  stdin.on('error', () => {}) // its exit status tells more
  child.on('close', (code, name) => {
    if (code === 0) {
      stream.push(null)
      stream.once('end', () => stream.destroy())
      return
    }
    const how = code === null ? `was ended by ${name}` : `ended with status ${code}`
    stream.destroy(
      new TransportError(
        host.machine,
        'unreachable',
        `${host.machine}: ProxyCommand ${how}${said === '' ? '' : `: ${said.trim()}`}`,
        `It was: ${host.proxyCommand}`,
      ),
    )
  })
  return stream
}

import type { MachineConfig } from '../../../src-core/model.ts'
import { connectCommand } from '../command/command-transport.ts'
import { connectOpenSsh } from '../ssh/openssh-transport.ts'
import { Ssh, type SshOptions } from '../ssh/ssh.ts'
import { spelledHost } from '../ssh-config/spelled-host.ts'
import type { LiveTransport, Transport } from './transport.ts'

/** Reaches machines by the transport that each is configured for. Rejects with a TransportError. */
export function machineConnector(
  options: SshOptions,
): (config: MachineConfig, signal?: AbortSignal, via?: Transport) => Promise<LiveTransport> {
  const ssh = new Ssh(options)
  return async ({ name, host, transport, command }, signal, via) => {
    if (command !== '')
      return connectCommand({ machine: name, command, ...(via && { via }) }, signal)
    const target = { machine: name, host: await spelledHost(host, options.configFile) }
    return transport === 'openssh'
      ? connectOpenSsh(target, options, signal)
      : ssh.connect(target, signal)
  }
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ip = (...args: string[]) => run('ip', args)

/** A bridge of its own for one lab of isolated hosts: 10.78.K.1 is this machine. */
export type Network = {
  readonly bridge: string
  readonly gateway: string
  address(index: number): string
  /** Joins the host whose init has `pid` to the bridge, under `cable`'s name. */
  plugIn(cable: string, index: number, pid: number): Promise<void>
  cable(index: number): string
  cut(cable: string): Promise<void>
  /** `pid` is the host's init: it forgets, too, whom it could not reach meanwhile. */
  heal(cable: string, address: string, pid: number): Promise<void>
  /** Asks anew where a host is that was away; else it stays unreachable for some seconds more. */
  forget(address: string): Promise<void>
  remove(): Promise<void>
}

/** Takes the first free number: making a bridge fails where its name is taken, so labs never share one. */
export async function makeNetwork(): Promise<Network> {
  for (let number = 1; number < 255; number++) {
    const bridge = `slip${number}`
    try {
      // A MAC of its own: a bridge without one takes a port's, and changes it when that host goes.
      await ip('link', 'add', bridge, 'address', mac(number, 1), 'type', 'bridge')
    } catch (error) {
      if (String(error).includes('File exists')) continue
      throw error
    }
    await ip('addr', 'add', `10.78.${number}.1/24`, 'dev', bridge)
    await ip('link', 'set', bridge, 'up')
    return networkOn(bridge, number)
  }
  throw new Error(
    'all 254 lab networks (slip1 to slip254) are taken: remove stale ones with `ip link del`',
  )
}

function networkOn(bridge: string, number: number): Network {
  const prefix = `10.78.${number}`
  return {
    bridge,
    gateway: `${prefix}.1`,
    address: (index) => `${prefix}.${11 + index}`,
    cable: (index) => `${bridge}-${index + 1}`,
    async plugIn(cable, index, pid) {
      // The same MAC at every boot, as real hardware has: neighbours' caches stay right.
      const peer = [
        'peer',
        'name',
        'eth0',
        'address',
        mac(number, 11 + index),
        'netns',
        String(pid),
      ]
      // The kernel takes the end of a host that died away a little later, if at all.
      await ip('link', 'del', cable).catch(() => {})
      await ip('link', 'add', cable, 'type', 'veth', ...peer)
      await ip('link', 'set', cable, 'master', bridge, 'up')
    },
    async cut(cable) {
      await ip('link', 'set', cable, 'down')
    },
    async heal(cable, address, pid) {
      await ip('link', 'set', cable, 'up')
      await run('nsenter', ['-t', String(pid), '-n', 'ip', 'neigh', 'flush', 'dev', 'eth0'])
      await forget(address)
    },
    forget,
    async remove() {
      await removeBridge(bridge)
    },
  }

  async function forget(address: string): Promise<void> {
    await ip('neigh', 'del', address, 'dev', bridge).catch(() => {})
  }
}

export async function removeBridge(bridge: string): Promise<void> {
  await ip('link', 'del', bridge).catch(() => {})
}

function mac(network: number, host: number): string {
  return ['02', '00', '4e', hex(network), '00', hex(host)].join(':')
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

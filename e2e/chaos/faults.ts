import type { Host } from '../lab/host.ts'
import { installCompiler, removeCompiler, type World } from './world.ts'

/** Something that goes wrong with one host in the middle of a run, and how it is made good again. */
export type Fault = {
  readonly name: string
  /** Needs hosts with a network and mounts of their own. */
  readonly isolated: boolean
  /** Before the run; for what can only be prepared then. */
  readonly prepare?: (world: World, host: Host) => Promise<unknown>
  readonly strike: (world: World, host: Host) => Promise<unknown>
  readonly mend: (world: World, host: Host) => Promise<unknown>
  /** After the run; undoes `prepare`. */
  readonly clear?: (world: World, host: Host) => Promise<unknown>
}

const workFolder = '$HOME/.cache/slipway'

export const faults: readonly Fault[] = [
  {
    name: 'every process dies',
    isolated: false,
    strike: (_, host) => host.kill(),
    mend: (_, host) => host.boot(),
  },
  {
    name: 'the power fails',
    isolated: true,
    strike: (_, host) => host.kill('power'),
    mend: (_, host) => host.boot(),
  },
  {
    name: 'the cable is pulled',
    isolated: true,
    strike: (_, host) => host.cut(),
    mend: (_, host) => host.heal(),
  },
  {
    name: 'it freezes',
    isolated: false,
    strike: (_, host) => host.hang(),
    mend: (_, host) => host.resume(),
  },
  {
    name: 'its disk is full',
    isolated: true,
    prepare: (world, host) =>
      world.ssh(host, `mkdir -p ${workFolder} && mount -t tmpfs -o size=48m tmpfs ${workFolder}`),
    strike: (world, host) =>
      world.ssh(host, `dd if=/dev/zero of=${workFolder}/fill bs=64k 2>/dev/null || true`),
    mend: (world, host) => world.ssh(host, `rm -f ${workFolder}/fill`),
    clear: (world, host) => world.ssh(host, `umount -l ${workFolder}`),
  },
  {
    name: 'its compiler is removed',
    isolated: false,
    strike: (_, host) => removeCompiler(host.home),
    mend: (_, host) => installCompiler(host.home),
  },
]

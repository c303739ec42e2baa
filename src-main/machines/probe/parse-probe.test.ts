import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ProbeReply, parseProbe } from './parse-probe.ts'

const debian = `hostname	moa
system	Linux
arch	x86_64
kernel	6.1.0-18-amd64
home	/home/anna
path	/usr/local/bin:/usr/bin:/bin
cores	64
threads	64
bogomips	5200.23
load	3.52 1.08 0.57 3/98 4075
cpu_quota	max 100000
cpu_quota	1250000 100000
memory	MemFree:         2300864 kB
memory	MemAvailable:   65011712 kB
memory	Cached:          1335932 kB
disk	/dev/mapper/vg0-home   264212084 25390940  80999972      24% /home
boot_id	d38b7d84-8f32-4fd2-807b-ab73d19d0e9f
uptime	86400.12
clock_ticks	100
tool	make	/usr/bin/make	GNU Make 4.3 Built for x86_64-pc-linux-gnu Copyright (C) 1988-2020
tool	node	/usr/bin/node	v20.20.2 
tool	swig	/usr/bin/swig	 SWIG Version 4.1.0  
compiler	boss	/home/anna/tc/bin/arm-linux-gnueabi-gcc	arm-linux-gnueabi-gcc (GCC) 13.2.0	arm-linux-gnueabi
compiler	system	/usr/bin/arm-linux-gnueabi-gcc	arm-linux-gnueabi-gcc (Debian 12.2.0-14) 12.2.0	arm-linux-gnueabi
compiler	system	/usr/bin/gcc	gcc (Debian 12.2.0-14+deb12u1) 12.2.0	x86_64-linux-gnu
clock	1795444854.066882460
`

const alpine = `hostname	kea
system	Linux
arch	aarch64
kernel	6.6.14-0-virt
home	/root
cores	4
threads	4
bogomips	50.00
load	0.00 0.01 0.00 1/88 2205
memory	MemFree:          600000 kB
memory	MemAvailable:    700000 kB
disk	/dev/vda3              9123456   1234567   7412345  14% /
boot_id	11111111-8f32-4fd2-807b-ab73d19d0e9f
uptime	50.00
clock_ticks	100
tool	git	/usr/bin/git	git version 2.43.0 
tool	dtc	/usr/bin/dtc	Version: DTC 1.7.0 
compiler	system	/usr/bin/gcc	gcc (Alpine 13.2.1_git20231014) 13.2.1 20231014	aarch64-alpine-linux-musl
clock	1795444854
`

const fedora = `hostname	tui.lan
system	Linux
arch	x86_64
kernel	6.7.5-200.fc39.x86_64
home	/home/anna
cores	16
threads	16
bogomips	6800.00
load	0.35 0.30 0.28 2/901 33171
memory	MemFree:         1000000 kB
memory	Cached:          9000000 kB
disk	/dev/nvme0n1p3         998244352 5000000 -  - /home
disk	ignored
clock	1795444854.5
`

const macos = `hostname	mako.local
system	Darwin
arch	arm64
kernel	23.3.0
home	/Users/anna
cores	10
threads	10
bogomips	
load	{ 2.29 2.51 2.43 }
vm_stat	Mach Virtual Memory Statistics: (page size of 16384 bytes) Pages free:                               64000. Pages active:                            360000. Pages inactive:                          128000. Pages speculative:                         64000. 
disk	/dev/disk3s5  482797652 312000000 150000000    68%    /System/Volumes/Data
uptime	
tool	make	/usr/bin/make	GNU Make 3.81 Copyright (C) 2006
clock	1795444854.N
`

function framed(body: string): string {
  return `Welcome to moa!\nLast login: today\n@@slipway x begin\n@@slipway NONCE begin\n${body}@@slipway NONCE end\nbye\n`
}

function read(body: string): ProbeReply {
  const reply = parseProbe(framed(body), 'NONCE', 1795444855_000)
  if (!reply.ok) throw new Error(reply.problem.what)
  return reply.value
}

test('reads a Debian machine that a control group holds to less than its cores', () => {
  const { facts, compilers, system } = read(debian)
  expect(system).toBe('Linux')
  expect(facts).toEqual({
    hostname: 'moa',
    computer: '',
    machineId: '',
    arch: 'x86_64',
    kernel: '6.1.0-18-amd64',
    cores: 64,
    threads: 13,
    bogomips: 5200.23,
    load1m: 3.52,
    memAvailableMb: 63488,
    diskAvailableMb: 79101,
    buildsIn: '/home/anna',
    tools: { make: '4.3', node: '20.20.2', swig: '4.1.0' },
    clockOffsetMs: 934,
    workers: [],
  })
  expect(compilers).toEqual([
    {
      arch: 'arm',
      prefix: 'arm-linux-gnueabi-',
      gcc: '/home/anna/tc/bin/arm-linux-gnueabi-gcc',
      version: '13.2.0',
      triple: 'arm-linux-gnueabi',
      priority: 0,
    },
    {
      arch: 'arm',
      prefix: 'arm-linux-gnueabi-',
      gcc: '/usr/bin/arm-linux-gnueabi-gcc',
      version: '12.2.0',
      triple: 'arm-linux-gnueabi',
      priority: 6,
    },
    {
      arch: 'sandbox',
      prefix: '',
      gcc: '/usr/bin/gcc',
      version: '12.2.0',
      triple: 'x86_64-linux-gnu',
      priority: 15,
    },
  ])
})

test('reads Alpine, Fedora with an old kernel, and macOS', () => {
  expect(read(alpine).facts).toMatchObject({
    threads: 4,
    bogomips: 50,
    diskAvailableMb: 7238,
    tools: { git: '2.43.0', dtc: '1.7.0' },
    clockOffsetMs: 500,
  })
  expect(read(alpine).compilers[0]).toMatchObject({ arch: 'sandbox', version: '13.2.1' })
  const full = fedora.replace('5000000 -  -', '500000 400000000 50%')
  expect(read(full).facts).toMatchObject({ memAvailableMb: 9765, diskAvailableMb: 390625 })
  expect(read(macos).facts).toMatchObject({
    arch: 'arm64',
    load1m: 2.29,
    bogomips: 0,
    memAvailableMb: 4000,
    diskAvailableMb: 146484,
    tools: { make: '3.81' },
  })
})

test('says what is missing rather than guessing', () => {
  const problem = (text: string): string => {
    const reply = parseProbe(text, 'NONCE', 0)
    return reply.ok ? 'read' : reply.problem.what
  }
  expect(problem(framed(fedora))).toBe('the probe could not find out: disk')
  expect(problem('')).toBe('our script gave no reply')
  expect(problem('This account is not available.\n')).toBe(
    'our script gave no reply; the machine said: This account is not available.',
  )
  expect(problem(framed(debian).slice(0, 900))).toMatch(/^the reply of our script ends after '.+'$/)
})

test('any other text, cut, repeated or garbled, is a reply or a problem, never an exception', () => {
  const fields = fc.constantFrom(
    'lock',
    'process',
    'compiler',
    'cpu_quota',
    'memory',
    'disk',
    'clock',
  )
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('-1', '1e99', '99999999999999999999', '{"pid":1}', '/x-gcc', '__proto__', '0'),
  )
  const line = fc
    .tuple(fields, fc.array(value, { maxLength: 9 }))
    .map(([key, rest]) => [key, ...rest].join('\t'))
  const mutated = fc
    .tuple(fc.array(line, { maxLength: 10 }), fc.nat(debian.length), fc.nat(debian.length))
    .map(([lines, from, to]) => framed(debian.slice(0, from) + lines.join('\n') + debian.slice(to)))
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
      const reply = parseProbe(text, 'NONCE', 1e12)
      if (!reply.ok) return
      const { facts } = reply.value
      for (const figure of [facts.cores, facts.threads, facts.load1m, facts.memAvailableMb]) {
        expect(Number.isFinite(figure) && figure >= 0).toBe(true)
      }
      expect(structuredClone(reply.value)).toEqual(reply.value)
    }),
    { numRuns: 1000 },
  )
})

test('a reply behind a banner of megabytes, and one of endless lines, take no time', () => {
  const banner = 'No entry! '.repeat(200_000)
  const many = 'compiler\tsystem\t/x/arm-gcc\tgcc 1.2\t\n'.repeat(100_000)
  const started = performance.now()
  const text = `${banner}\n@@slipway NONCE begin\n${debian}${many}@@slipway NONCE end\n`
  expect(parseProbe(text, 'NONCE', 0).ok).toBe(true)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('what account is asked does not matter to which computer it is', () => {
  const of = (home: string, inode: string) =>
    read(`${debian.replace('/home/anna', home)}pid_namespace\tpid:[1]\nhome_folder\t${inode}\n`)
      .facts.computer
  expect(of('/home/anna', '1:2')).toBe(of('/home/bob', '1:3'))
})

test('what has another root folder is another machine, though it sees the same processes', () => {
  const of = (root: string) =>
    read(`${debian}pid_namespace\tpid:[1]\nroot_folder\t${root}\n`).facts.computer
  expect(of('8:2')).not.toBe(of('8:1234'))
})

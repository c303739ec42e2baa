import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { createTerminals, type TerminalCommand, type Terminals } from './terminals.ts'

let terminals: Terminals | null = null
afterEach(() => terminals?.closeAll())

function shell(script: string): TerminalCommand {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' }
  return { title: 'test', file: '/bin/sh', args: ['-c', script], cwd: tmpdir(), env }
}

/** Terminals whose output is gathered; `until` settles when it holds the text. */
function watched(options: { acknowledge: boolean }) {
  let seen = 0
  /** Of what was said; a flood is not to be searched anew at every chunk. */
  let tail = ''
  let exits: number[] = []
  let check = () => {}
  const made = createTerminals({
    data: (id, text) => {
      seen += text.length
      tail = (tail + text).slice(-1000)
      if (options.acknowledge) made.acknowledge(id, text.length)
      check()
    },
    exit: (_id, code) => {
      exits = [...exits, code]
      check()
    },
  })
  terminals = made
  const when = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => condition() && resolve()
      check()
    })
  return {
    made,
    until: (text: string) => when(() => tail.includes(text)),
    exited: () => when(() => exits.length > 0),
    seen: () => seen,
    exits: () => exits,
  }
}

test('runs a program, takes what is typed, and says how it ended', async () => {
  const { made, until, exited, exits } = watched({ acknowledge: true })
  // It waits before it ends: node may lose what a program says in its very last moment.
  const id = made.open(shell('read line; echo "got $line"; read line; exit 3'))
  made.write(id, 'hello\r')
  await until('got hello')
  made.write(id, '\r')
  await exited()
  expect(exits()).toEqual([3])
  expect(made.running).toBe(0)
})

test('a program hears of the new size', async () => {
  const { made, until } = watched({ acknowledge: true })
  const id = made.open(
    shell('trap "stty size; exit" WINCH; echo ready; while :; do read -r x; done'),
  )
  await until('ready')
  made.resize(id, 101, 33)
  await until('33 101')
})

test('a flood is held back until it is drawn, and comes whole', async () => {
  const flood = 6_000_000
  const { made, seen, until } = watched({ acknowledge: false })
  const id = made.open(shell(`head -c ${flood} /dev/zero | tr '\\0' x; echo END; read -r line`))
  let drawn = 0
  const draw = setInterval(() => {
    expect(seen() - drawn).toBeLessThan(3_000_000)
    made.acknowledge(id, seen() - drawn)
    drawn = seen()
  }, 10)
  await until('END')
  clearInterval(draw)
  expect(seen()).toBeGreaterThan(flood)
})

test('closing ends a program that would go on for ever', async () => {
  const { made, until, exits } = watched({ acknowledge: true })
  const id = made.open(shell('echo here; exec sleep 1000'))
  await until('here')
  await made.close(id)
  expect(made.running).toBe(0)
  expect(exits()).toHaveLength(1)
})

test('a page that is loaded anew gets what was said, and a flood goes on without the one before', async () => {
  const { made, until, seen } = watched({ acknowledge: false })
  made.open(shell('echo hello; read line; head -c 3000000 /dev/zero; echo END; read line'))
  await until('hello')
  expect(made.handOver()).toMatchObject([{ title: 'test', text: expect.stringMatching(/hello/) }])
  made.write('terminal-1', 'go\r')
  // Nobody draws: the program is held back.
  await expect.poll(seen).toBeGreaterThan(2_000_000)
  made.handOver()
  await until('END')
})

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import type { MachineStatus } from '../../../src-core/model.ts'
import { fail, ok } from '../../../src-core/result.ts'
import type { MachineSteps } from '../machine-steps.ts'
import { createWorkFolders } from '../steps/work-folder.ts'
import type { WorkerPipe } from '../worker-link/worker-pipe.ts'
import { MachineSession, type SessionWaits } from './machine-session.ts'
import { available, instructions, scriptedWorker, steps } from './test-scripted-worker.ts'

/** How a session bears with machines that answer late, badly or not at all. */

/** What its listeners heard; `until` settles at the first such word. `pause`: in place of waiting. */
const waits: SessionWaits = {
  pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  goodbyeMs: 200,
  endingMs: 300,
}

function follow(own: Partial<MachineSteps>, pause = waits.pause) {
  const heard: string[] = []
  const waiting = new Map<string, () => void>()
  const hear = (word: string) => {
    heard.push(word)
    waiting.get(word)?.()
  }
  const session = new MachineSession(
    { ...steps, ...own },
    instructions,
    {
      step: (phase, detail) => hear(`${phase} ${detail}`.trim()),
      ready: () => hear('told ready'),
      message() {},
      diagnostics() {},
      problem: (text) => hear(`problem: ${text}`),
      lost: (reason) => hear(`lost: ${reason}`),
      gone: (reason) => hear(`gone: ${reason}`),
    },
    { ...waits, pause },
  )
  session.start()
  const until = (word: string) =>
    new Promise<void>((resolve) => {
      waiting.set(word, resolve)
      if (heard.includes(word)) resolve()
    })
  return { session, heard, until }
}

const never = new Promise<never>(() => {})

test('leaves at once, also where a step does not hear that it should stop', async () => {
  const { session, heard, until } = follow({ probe: () => never })
  await until('connecting')
  await session.leave('cancelled')
  expect(heard).toEqual(['connecting', 'gone: cancelled'])
})

test.each([0, 2, 999])(
  'a worker of protocol %i is refused with a word, at once',
  async (protocol) => {
    const { heard, until } = follow({
      startWorker: async () => scriptedWorker(undefined, { protocol }),
    })
    const refusal = `gone: its worker speaks version ${protocol} of the protocol, and this program version 1: use the same Slipway on both sides`
    await until(refusal)
    expect(heard.filter((word) => word === 'connecting')).toHaveLength(1)
  },
)

test.each(['configure', 'build_prepare'] as const)(
  'a machine whose worker talks nonsense, from %s on, is left out at once',
  async (from) => {
    const worker = scriptedWorker((cmd, say) => {
      if (cmd !== from) return false
      if (cmd === 'build_prepare') say({ resp: 'build_prepare_done' })
      for (let line = 0; line < 101; line += 1) say({ reps: 'pong' })
      return true
    })
    const { session, heard } = follow({ startWorker: async () => worker })
    await session.over
    expect(heard.filter((word) => word === 'connecting')).toHaveLength(1)
    expect(heard.at(-1)).toMatch(/^gone: its worker sent more than 100 lines that are no messages/)
    expect(heard.includes('told ready')).toBe(from === 'build_prepare')
  },
)

test('a worker that starts after the goodbye is sent away', async () => {
  const { promise, resolve } = deferred<WorkerPipe>()
  const { session, until } = follow({ startWorker: () => promise })
  await until('preparing starting the worker')
  await session.leave('cancelled')
  const late = scriptedWorker()
  resolve(late)
  await late.closed
})

test('a worker that gets ready while it is told to leave is not told as ready', async () => {
  const worker = scriptedWorker((cmd, say) => {
    if (cmd === 'quit') say({ resp: 'build_prepare_done' })
    return cmd === 'build_prepare'
  })
  const { session, heard, until } = follow({ startWorker: async () => worker })
  await until('preparing making work trees')
  await session.leave('given back')
  expect(heard).not.toContain('told ready')
  expect(heard.at(-1)).toBe('gone: given back')
})

test('a worker that dies instead of saying goodbye is gone, and not waited for', async () => {
  const worker = scriptedWorker((cmd, _say, end) => {
    if (cmd === 'quit') end('killed')
    return cmd === 'quit'
  })
  const { session, heard, until } = follow({ startWorker: async () => worker })
  await until('told ready')
  await session.leave('given back')
  expect(heard.slice(-2)).toEqual(['told ready', 'gone: given back'])
})

test('told to leave while it waits for the next attempt, it does not wait', async () => {
  const { session, heard, until } = follow({ probe: () => Promise.reject(new Error('silent')) })
  await until('lost: silent')
  await session.leave('cancelled')
  expect(heard).toEqual(['connecting', 'lost: silent', 'gone: cancelled'])
})

test('a link that was cut while the source was pushed is tried again', async () => {
  let pushes = 0
  const pushSource: MachineSteps['pushSource'] = async () =>
    ++pushes === 1 ? fail('the connection was lost') : ok(undefined)
  const { session, heard, until } = follow({ pushSource })
  await until('told ready')
  expect(heard).toContain('lost: the connection was lost')
  await session.leave('the run is over')
})

test('a step that fails twice in the same words is not tried a third time', async () => {
  const { session, heard } = follow({ provision: async () => fail('no Node there') })
  await session.over
  expect(heard.filter((word) => word === 'connecting')).toHaveLength(2)
  expect(heard.at(-1)).toBe('gone: no Node there')
})

test('a machine that this run made busy comes back all the same', async () => {
  const workers = [scriptedWorker(), scriptedWorker()]
  let starts = 0
  const busy: MachineStatus = { ...available, state: 'unavailable', reason: 'busy: load 3' }
  const { session, heard, until } = follow({
    probe: async () => (starts === 0 ? available : busy),
    startWorker: async () => workers[starts++] ?? scriptedWorker(),
  })
  await until('told ready')
  workers[0]?.end('the link was cut')
  await until('lost: the link was cut')
  heard.length = 0
  await until('told ready')
  await session.leave('the run is over')
})

test('a machine that was ready once is tried for as long as it takes, at waits that stop growing', async () => {
  const workers = [scriptedWorker(), scriptedWorker()]
  const waits: number[] = []
  let starts = 0
  const { session, heard, until } = follow(
    {
      probe: async () => {
        if (starts === 1 && waits.length < 100) throw new Error('refused')
        return available
      },
      startWorker: async () => workers[starts++] ?? scriptedWorker(),
    },
    async (ms) => void waits.push(ms),
  )
  await until('told ready')
  heard.length = 0
  workers[0]?.end('the host went down')
  await until('told ready')
  expect(waits).toHaveLength(100)
  expect(waits[0]).toBeLessThan(2000)
  expect(Math.max(...waits)).toBeLessThan(60_000)
  expect(Math.min(...waits.slice(6))).toBeGreaterThan(20_000)
  await session.leave('the run is over')
})

test('a person who knows better than to wait has the next attempt made now', async () => {
  const workers = [scriptedWorker(), scriptedWorker()]
  let starts = 0
  const { session, until } = follow(
    { startWorker: async () => workers[starts++] ?? scriptedWorker() },
    (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  )
  await until('told ready')
  workers[0]?.end('the host went down')
  await until('lost: the host went down')
  const again = until('told ready')
  session.hurry()
  await again
  await session.leave('the run is over')
})

test('a machine that never was ready is left out after a few attempts', async () => {
  const { session, heard } = follow(
    { probe: () => Promise.reject(new Error('refused')) },
    async () => {},
  )
  await session.over
  expect(heard.filter((word) => word === 'connecting')).toHaveLength(4)
  expect(heard.at(-1)).toBe('gone: refused')
})

test('a machine that is busy from the start is left out', async () => {
  const busy: MachineStatus = { ...available, state: 'unavailable', reason: 'busy: load 3' }
  const { session, heard } = follow({ probe: async () => busy })
  await session.over
  expect(heard).toEqual(['connecting', 'gone: busy: load 3'])
})

test('a worker of ours that does not hear that it was given up is ended, since it has the folder', async () => {
  const first = scriptedWorker()
  const ended: number[] = []
  const second = scriptedWorker((cmd, say) => {
    if (cmd !== 'setup' || ended.length > 0) return false
    say({ resp: 'error', msg: 'the folder is busy', code: 'busy', cmd: 'setup' })
    return true
  })
  const workers = [first, second]
  const { session, heard, until } = follow({
    startWorker: async () => workers.shift() ?? scriptedWorker(),
    endWorker: async (pid) => {
      ended.push(pid)
      return ok(undefined)
    },
  })
  await until('told ready')
  heard.length = 0
  session.restart('no word for 30 s')
  await until('told ready')
  expect(ended).toEqual([7])
  expect(heard.filter((word) => word.startsWith('lost'))).toEqual(['lost: no word for 30 s'])
  await session.leave('the run is over')
})

test('a worker that does not answer the goodbye is ended; nobody waits for long', async () => {
  const ended: number[] = []
  const { session, until } = follow({
    startWorker: async () => scriptedWorker((cmd) => cmd === 'quit'),
    endWorker: (pid) => {
      ended.push(pid)
      return never
    },
  })
  await until('told ready')
  await session.leave('the run is over')
  expect(ended).toEqual([7])
})

test('a folder that another run has is waited for, however long that takes', async () => {
  let starts = 0
  const startWorker = async () => {
    starts += 1
    return scriptedWorker((cmd, say) => {
      if (starts > 20 || cmd !== 'setup') return false
      say({ resp: 'error', msg: 'the folder is busy', code: 'busy', cmd: 'setup' })
      return true
    })
  }
  const { session, heard, until } = follow({ startWorker }, async () => {})
  await until('told ready')
  expect(heard.filter((word) => word === 'lost: the folder is busy')).toHaveLength(20)
  await session.leave('the run is over')
})

const tree = { boss: 'anna@desk', treeDir: '/src/u-boot', machine: 'moa' }
const moa = { hostname: 'moa', machineId: '' }

test('or, where a person wants that, another folder is taken at once', async () => {
  const folders = createWorkFolders({ ...tree, ifBusy: 'another folder' })
  const asked: string[] = []
  const { session, heard, until } = follow({
    provision: async () => ok({ command: '', workDir: folders.path(moa) }),
    startWorker: async () =>
      scriptedWorker((cmd, say) => {
        if (cmd === 'setup') asked.push(folders.path(moa))
        if (asked.length > 2 || cmd !== 'setup') return false
        say({ resp: 'error', msg: 'the folder is busy', code: 'busy', cmd: 'setup' })
        return true
      }),
    moveToAnotherFolder: folders.another,
  })
  await until('told ready')
  const [first] = asked
  expect(first).toMatch(/^moa\/u-boot-[0-9a-f]{12}$/)
  expect(asked).toEqual([first, `${first}.2`, `${first}.3`])
  expect(heard.filter((word) => word.startsWith('lost'))).toEqual([])
  await session.leave('the run is over')
})

test('machines that share a home have a folder each, whatever tells them apart', () => {
  const folderOf = (machine: string, which: { hostname: string; machineId: string }) =>
    createWorkFolders({ ...tree, machine, ifBusy: 'wait' }).path(which)
  const folders = [
    folderOf('moa', moa),
    folderOf('kea', moa),
    folderOf('moa', { ...moa, machineId: '1234' }),
    folderOf('moa', { ...moa, hostname: 'a b:c' }),
    folderOf('moa', { ...moa, hostname: '..' }),
  ]
  expect(new Set(folders).size).toBe(folders.length)
  expect(folders).toEqual(folders.map(() => expect.stringMatching(/^\w+\/u-boot-[0-9a-f]{12}$/)))
})

test('a person may have few folders, and only where they want them', () => {
  const many = createWorkFolders({ ...tree, ifBusy: 'another folder' })
  expect([1, 2, 3, 4, 5].map(() => many.another())).toEqual([true, true, true, false, false])
  expect(createWorkFolders({ ...tree, ifBusy: 'wait' }).another()).toBe(false)
})

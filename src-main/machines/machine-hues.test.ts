import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MachineHues } from './machine-hues.ts'

let dir = ''
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'machine-hues-')), 'hues')
})
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }))

const slots = (hues: MachineHues, ...names: string[]) => names.map((name) => hues.slotOf(name))

test('slots are given in the order of the configuration, this computer’s is the first', () => {
  expect(slots(new MachineHues(dir), 'local', 'a', 'b', 'c')).toEqual([1, 2, 3, 4])
})

test('removing or reordering machines changes no colour, for other programs neither', () => {
  slots(new MachineHues(dir), 'local', 'a', 'b', 'c')
  expect(slots(new MachineHues(dir), 'local', 'c', 'b')).toEqual([1, 4, 3])
  expect(slots(new MachineHues(dir), 'd', 'b', 'a')).toEqual([5, 3, 2])
})

test('whatever is asked in whatever order, by however many programs, no two machines share a slot', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2), fc.string({ maxLength: 20 })), { maxLength: 40 }),
      (asked) => {
        const place = join(dir, String(Math.random()))
        const programs = [0, 1, 2].map(() => new MachineHues(place))
        const given = new Map<string, number>()
        for (const [program, name] of asked) {
          const slot = programs[program]?.slotOf(name) ?? 0
          expect(given.get(name) ?? slot).toBe(slot)
          given.set(name, slot)
        }
        expect(new Set(given.values()).size).toBe(given.size)
      },
    ),
    { numRuns: 40 },
  )
})

test('a slot unseen for 90 days goes to the next new machine, a seen one never', () => {
  slots(new MachineHues(dir), 'a', 'b', 'c')
  const old = new Date(Date.now() - 91 * 24 * 3600 * 1000)
  for (const slot of ['2', '3']) utimesSync(join(dir, slot), old, old)
  slots(new MachineHues(dir), 'a')
  expect(slots(new MachineHues(dir), 'new', 'newer', 'a', 'c')).toEqual([3, 5, 2, 4])
})

test('what lies in the folder that is no slot, or says nothing, takes none from anybody', () => {
  mkdirSync(join(dir, '2'), { recursive: true })
  writeFileSync(join(dir, '3'), '')
  writeFileSync(join(dir, 'notes.txt'), 'a')
  expect(slots(new MachineHues(dir), 'a')).toEqual([4])
  expect(slots(new MachineHues(dir), 'a')).toEqual([4])
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
})

test('where nothing can be written, machines still differ', () => {
  writeFileSync(dir, 'a file in the way')
  const hues = new MachineHues(dir)
  expect(slots(hues, 'local', 'a', 'b', 'a')).toEqual([1, 2, 3, 2])
})

test('programs that meet new machines at the same moment agree', async () => {
  const program = `
    import { MachineHues } from ${JSON.stringify(new URL('./machine-hues.ts', import.meta.url).pathname)}
    process.stdin.once('data', () => {
      const hues = new MachineHues(process.argv[1])
      const names = ['a', 'b', 'c', 'd', 'e', process.argv[2]]
      console.log(JSON.stringify(names.map((name) => [name, hues.slotOf(name)])))
      process.exit(0)
    })
    console.log('ready')`
  const children = ['x', 'y', 'z'].map((name) =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, dir, name]),
  )
  const outputs = children.map(() => '')
  await Promise.all(
    children.map(async (child, index) => {
      child.stdout.on('data', (text) => {
        outputs[index] += String(text)
      })
      await once(child.stdout, 'data')
    }),
  )
  const exits = children.map((child) => once(child, 'close'))
  for (const child of children) child.stdin.write('go\n')
  await Promise.all(exits)
  const all = new Map<string, Set<number>>()
  for (const output of outputs) {
    for (const [name, slot] of JSON.parse(output.replace('ready\n', '')) as [string, number][]) {
      all.set(name, (all.get(name) ?? new Set()).add(slot))
    }
  }
  expect([...all.values()].every((own) => own.size === 1)).toBe(true)
  expect(new Set([...all.values()].flatMap((own) => [...own])).size).toBe(8)
}, 60_000)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPktReader } from './pkt-line.ts'
import { planPush, refOf } from './push-plan.ts'
import { parseAdvertisement, problemsInReport, pushRequest } from './receive-pack.ts'

const a = 'a'.repeat(40)
const b = 'b'.repeat(40)
const lines = (...texts: string[]) => texts.map((text) => Buffer.from(text))

test('an advertisement with refs, and one of an empty repository', () => {
  const full = parseAdvertisement(
    lines(
      `${a} refs/slipway/${a}\0report-status delete-refs object-format=sha1 agent=git/2.39.5\n`,
      `${b} refs/x\n`,
      `${b} .have\n`,
    ),
  )
  expect([...full.refs]).toEqual([
    [`refs/slipway/${a}`, a],
    ['refs/x', b],
  ])
  expect(full.capabilities.has('delete-refs')).toBe(true)
  const none = parseAdvertisement(lines(`${'0'.repeat(40)} capabilities^{}\0report-status\n`))
  expect(none.refs.size).toBe(0)
  expect([...none.capabilities]).toEqual(['report-status'])
})

test('a request as git documents it', () => {
  const request = pushRequest(
    [
      { kind: 'create', ref: 'refs/slipway/a', hash: a },
      { kind: 'delete', ref: 'refs/slipway/b', hash: b },
    ],
    ['report-status'],
  )
  const zeros = '0'.repeat(40)
  expect(
    createPktReader()
      .push(request)
      .map((one) => one?.toString() ?? null),
  ).toEqual([`${zeros} ${a} refs/slipway/a\0report-status`, `${b} ${zeros} refs/slipway/b`, null])
})

test('reports', () => {
  expect(problemsInReport(lines('unpack ok\n', 'ok refs/x\n'))).toEqual([])
  expect(problemsInReport(lines('unpack ok\n', 'ng refs/x shallow update not allowed\n'))).toEqual([
    'refs/x shallow update not allowed',
  ])
  expect(
    problemsInReport(lines('unpack index-pack abnormal exit\n', 'ng refs/x unpacker error\n')),
  ).toHaveLength(2)
  expect(problemsInReport([])).toEqual(['it sent no report'])
})

test('a plan sends exactly what is missing, deletes nothing that is wanted, and keeps little', () => {
  const hash = fc.integer({ min: 0, max: 99 }).map((n) => n.toString(16).padStart(40, '0'))
  const held = fc.uniqueArray(fc.record({ hash, date: fc.option(fc.nat(1000)) }), {
    selector: (one) => one.hash,
    maxLength: 80,
  })
  fc.assert(
    fc.property(fc.array(hash), held, (wanted, machine) => {
      const plan = planPush(
        wanted,
        machine.map((one) => ({ ...one, ref: refOf(one.hash) })),
      )
      const after = new Set(machine.map((one) => one.hash))
      for (const change of plan.changes) {
        if (change.kind === 'create') after.add(change.hash)
        else expect(after.delete(change.hash)).toBe(true)
      }
      for (const one of wanted) expect(after.has(one)).toBe(true)
      expect(after.size).toBeLessThanOrEqual(new Set(wanted).size + 30)
      for (const known of plan.known)
        expect(machine.find((one) => one.hash === known)?.date).not.toBeNull()
      expect(new Set(plan.send).size).toBe(plan.send.length)
    }),
  )
})

import { expect, test } from 'vitest'
import { sicknesses, surviveSickness } from '../simulation/simulated-sickness.ts'

const broken = [
  { share: 0, perCause: 1 },
  { share: 0.02, perCause: 1 },
  { share: 0.3, perCause: 1000 },
]

test.each(sicknesses)('no failure is put on the wrong one: %s', (sickness) => {
  for (const [index, one] of broken.entries()) {
    for (const commits of [1, 3]) {
      const seed = 10 * index + commits
      const fleet = { sickness, broken: one, boards: 60, commits, seed }
      const { shown, hidden, complaints, outcome, injected } = surviveSickness(fleet)
      const told = `${sickness}, ${JSON.stringify(fleet)}`
      expect({ shown, hidden, complaints, open: outcome.openBuilds }, told).toEqual({
        shown: 0,
        hidden: 0,
        complaints: [],
        open: 0,
      })
      if (sickness === 'make ends at once') expect(injected).toBeGreaterThan(0)
    }
  }
})

test('words that a third machine does not repeat of a broken board are no proof of others', () => {
  const fleet = {
    sickness: 'two now and then, same words',
    broken: { share: 0.6, perCause: 40 },
    ...{ boards: 120, commits: 1, seed: 100 },
  } as const
  const { injected, shown, hidden } = surviveSickness(fleet)
  expect(injected).toBeGreaterThan(10)
  expect({ shown, hidden }).toEqual({ shown: 0, hidden: 0 })
})

test('a fleet that is well builds at most 2 % more, also where an architecture is broken', () => {
  let [extra, builds] = [0, 0]
  for (const seed of [1, 2, 3]) {
    for (const one of broken.slice(0, 3)) {
      const fleet = { sickness: 'none', broken: one, boards: 400, commits: 1, seed } as const
      const survived = surviveSickness(fleet)
      extra += survived.extra
      builds += survived.builds
      expect(survived.unproved).toBe(0)
    }
  }
  expect(extra / builds).toBeLessThan(0.02)
})

test('a machine that fails what others build is named, and left out the second time', () => {
  const fleet = {
    sickness: 'make ends at once',
    broken: { share: 0, perCause: 1 },
    ...{ boards: 60, commits: 1, seed: 5 },
  } as const
  const { outcome } = surviveSickness(fleet)
  const named = outcome.told.filter(({ type }) => type === 'at-fault')
  expect(named).toMatchObject([{ machine: 'm0', words: [expect.any(String)] }])
  const leftOut = outcome.told.filter(({ type }) => type === 'end-machine')
  expect(leftOut).toMatchObject([
    {
      machine: 'm0',
      reason: expect.stringMatching(
        /^it failed 2 boards that are well on other machines; it said: ./,
      ),
    },
  ])
})

test('where only a sick machine could build a board, nothing claims that the code is to blame', () => {
  const fleet = {
    sickness: 'only capable machine',
    broken: { share: 0, perCause: 1 },
    ...{ boards: 60, commits: 1, seed: 3 },
  } as const
  const { outcome } = surviveSickness(fleet)
  const proofs = outcome.told.flatMap((told) =>
    told.type === 'accepted' && told.proof ? [told.proof] : [],
  )
  expect(proofs.length).toBeGreaterThan(0)
  for (const { kind, text } of proofs) {
    expect(kind).toBe('unproved')
    expect(text).toMatch(/^only m0 could build it, and /)
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFolderPool } from './folder-pool.ts'

test('a board gets its own folder again', () => {
  const known = [
    { name: 'build-00', board: 'a', usedAt: 10 },
    { name: 'build-01', board: 'b', usedAt: 20 },
  ]
  const pool = createFolderPool(known, 3)
  expect(pool.take('b')).toBe('build-01')
  expect(pool.take('c')).toBe('build-02')
  pool.giveBack('build-01')
  expect(pool.take('d')).toBe('build-00')
  expect(pool.take('b')).toBe('build-01')
})

test('never two boards in one folder, never more folders than the limit', () => {
  const boards = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 })
  fc.assert(
    fc.property(boards, fc.integer({ min: 3, max: 6 }), (sequence, limit) => {
      const pool = createFolderPool([], limit)
      const taken: string[] = []
      const seen = new Set<string>()
      for (const board of sequence) {
        if (taken.length === 3) pool.giveBack(taken.shift() ?? '')
        const name = pool.take(String(board))
        expect(taken).not.toContain(name)
        taken.push(name)
        seen.add(name)
      }
      expect(seen.size).toBeLessThanOrEqual(limit)
    }),
  )
})

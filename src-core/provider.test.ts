import { expect, test } from 'vitest'
import { givenName, giverOf, parseWish, splitWishes, wishesWithin } from './provider.ts'

test('a wish is a provider and perhaps a number of machines', () => {
  expect(parseWish('slurm')).toEqual({ name: 'slurm', nodes: 0 })
  expect(parseWish(' Slurm:8 ')).toEqual({ name: 'slurm', nodes: 8 })
  expect(['', ':3', 'slurm:', 'slurm:0', 'slurm:201', 'slurm:x', 'a:b:3'].map(parseWish)).toEqual(
    Array(7).fill(null),
  )
})

test('names that no provider has stay names of machines', () => {
  const names = ['moa', 'slurm:8', 'lab', 'ruru:2']
  expect(splitWishes(names, [{ name: 'slurm' }, { name: 'lab' }])).toEqual({
    machines: ['moa', 'ruru:2'],
    providers: [
      { name: 'slurm', nodes: 8 },
      { name: 'lab', nodes: 0 },
    ],
  })
})

test('a machine that was given is called after who gave it', () => {
  expect(givenName('slurm', 'n17')).toBe('slurm:n17')
})

test('who gave a machine stands in its name', () => {
  expect(giverOf(givenName('cluster', 'n17'))).toBe('cluster')
  expect(['moa', 'local', ''].map(giverOf)).toEqual(['', '', ''])
})

test('nobody is asked for more than there is', () => {
  const wishes = [
    { name: 'lab', nodes: 0 },
    { name: 'gone', nodes: 3 },
    { name: 'cluster', nodes: 9 },
  ]
  const providers = [
    { name: 'cluster', nodes: 4 },
    { name: 'lab', nodes: 2 },
    { name: 'other', nodes: 2 },
  ]
  expect(wishesWithin(wishes, providers)).toEqual([
    { name: 'cluster', nodes: 4 },
    { name: 'lab', nodes: 2 },
  ])
})

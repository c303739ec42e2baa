import { expect, test } from 'vitest'
import type { Envelope } from '../src-preload/bridge.ts'
import { createBossClient } from './boss-client.ts'

function bridge(envelope: Envelope) {
  let tell: (name: string, payload: unknown) => void = () => {}
  const asked: unknown[] = []
  const client = createBossClient({
    invoke: async (name, args) => {
      asked.push([name, args])
      return envelope
    },
    subscribe: (listener) => {
      tell = listener
      return () => {}
    },
    pathOf: () => '',
  })
  return { client, asked, tell: (name: string, payload: unknown) => tell(name, payload) }
}

test('a request is sent by name and its reply handed back', async () => {
  const { client, asked } = bridge({ ok: true, reply: ['moa'] })
  expect(await client.request('machines:ssh-hosts', {})).toEqual(['moa'])
  expect(asked).toEqual([['machines:ssh-hosts', {}]])
})

test('a refused request rejects with the reason', async () => {
  const { client } = bridge({ ok: false, error: 'tree:open: dir: expected string' })
  await expect(client.request('tree:open', { dir: '' })).rejects.toThrow('tree:open: dir')
})

test('an event reaches its own listeners, until they stop', () => {
  const { client, tell } = bridge({ ok: true, reply: null })
  const heard: string[] = []
  const stop = client.on('menu:command', (command) => heard.push(command))
  client.on('machines:changed', () => heard.push('machines'))
  tell('menu:command', 'about')
  stop()
  tell('menu:command', 'build')
  tell('no:such', 1)
  expect(heard).toEqual(['about'])
})

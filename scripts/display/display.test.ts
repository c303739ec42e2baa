import { expect, test } from 'vitest'
import { whyNoDisplay } from './display.mjs'
import { startVirtualDisplay } from './virtual-display.mjs'

test('without a display it says what is not set', async () => {
  expect(await whyNoDisplay({})).toBe('neither DISPLAY nor WAYLAND_DISPLAY is set')
})

test('a display is asked, and one whose server went away is named', async () => {
  const display = await startVirtualDisplay()
  expect(await whyNoDisplay({ DISPLAY: display.name })).toBe('')
  await display.stop()
  expect(await whyNoDisplay({ DISPLAY: display.name })).toBe(
    `no server answers at DISPLAY=${display.name}`,
  )
})

test('a display on another host is believed', async () => {
  expect(await whyNoDisplay({ DISPLAY: 'localhost:10.0' })).toBe('')
})

test('two virtual displays find numbers of their own', async () => {
  const [one, two] = await Promise.all([startVirtualDisplay(), startVirtualDisplay()])
  expect(one.name).not.toBe(two.name)
  await Promise.all([one.stop(), two.stop()])
})

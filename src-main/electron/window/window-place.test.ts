import { expect, test } from 'vitest'
import { placeWindow } from './window-place.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const second = { x: 1920, y: 0, width: 1280, height: 1024 }
const left = { bounds: { x: 2000, y: 50, width: 1000, height: 700 }, maximized: false }

test('the first window is centred', () => {
  expect(placeWindow(undefined, [screen])).toEqual({
    bounds: { x: 240, y: 90, width: 1440, height: 900 },
    maximized: false,
  })
})

test('it fits a small screen', () => {
  expect(placeWindow(undefined, [{ x: 0, y: 24, width: 1024, height: 600 }]).bounds).toEqual({
    x: 0,
    y: 24,
    width: 1024,
    height: 600,
  })
})

test('a window opens where it was left', () => {
  expect(placeWindow(left, [screen, second])).toEqual(left)
})

test('one that was on a screen that is gone comes to the first', () => {
  expect(placeWindow({ ...left, maximized: true }, [screen])).toEqual({
    bounds: { x: 240, y: 90, width: 1440, height: 900 },
    maximized: true,
  })
})

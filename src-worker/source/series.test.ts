import { expect, test } from 'vitest'
import { keptFolder } from './series.ts'

test('kept outputs stay inside their folder, whatever a board is called', () => {
  expect(keptFolder('/w', 'qemu_arm64', 3)).toBe('/w/kept/3/qemu_arm64')
  expect(keptFolder('/w', '..', 0)).toBe('/w/kept/0/%2E%2E')
  expect(keptFolder('/w', 'ext,../../etc', 0)).toBe('/w/kept/0/ext%2C%2E%2E%2F%2E%2E%2Fetc')
})

test('boards of unlike names keep their outputs apart, and any name has its folder', () => {
  expect(keptFolder('/w', '\u{1f600}', 0)).not.toBe(keptFolder('/w', '\u001f600', 0))
  expect(keptFolder('/w', 'a\ud800b', 0)).toBe('/w/kept/0/a%EF%BF%BDb')
})

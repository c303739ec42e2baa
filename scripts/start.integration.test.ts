import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from './run-command.mjs'

test('without a display npm start says so and builds the sample tree in the terminal, whatever ~/.buildman says', async () => {
  const home = await mkdtemp(join(tmpdir(), 'slipway-start-'))
  await writeFile(join(home, '.buildman'), '[toolchain]\nmine = /nowhere\n')
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env
  const { status, output } = await runCommand(
    process.execPath,
    [join(import.meta.dirname, 'start.mjs')],
    { env: { ...env, HOME: home, XDG_CACHE_HOME: join(home, 'cache') } },
  )
  await rm(home, { recursive: true, force: true })
  expect(output).toContain('No window can open here: neither DISPLAY nor WAYLAND_DISPLAY is set.')
  expect(output).toMatch(/21\/21 /)
  expect(output).toContain('all is well')
  expect(status).toBe(0)
})

import { expect, test } from 'vitest'
import { checkForm, formOf } from './machine-form.ts'

const empty = formOf(null)

test('a name alone is enough: the host is called the same', () => {
  expect(checkForm({ ...empty, name: ' Moa ' }, [])).toEqual({
    ok: true,
    config: {
      name: 'moa',
      host: 'moa',
      maxBoards: 0,
      transport: 'ssh2',
      command: '',
      buildmanPath: '',
      ifBusy: 'wait',
      thresholds: { maxLoadPerCore: 0.8, minDiskMb: 1000, minMemoryMb: 512 },
    },
  })
})

test.each([
  [{ name: '' }, 'name'],
  [{ name: 'local' }, 'name'],
  [{ name: 'moa:22' }, 'name'],
  [{ name: 'ruru' }, 'name'],
  [{ name: 'moa', host: 'user@moa -p 22' }, 'host'],
  [{ name: 'moa', host: '-oProxyCommand=x' }, 'host'],
  [{ name: 'moa', byCommand: true, command: ' ""' }, 'command'],
  [{ name: 'moa', byCommand: true, command: 'x'.repeat(4097) }, 'command'],
  [{ name: 'moa', maxBoards: '1.5' }, 'maxBoards'],
  [{ name: 'moa', maxLoadPerCore: 'much' }, 'maxLoadPerCore'],
  [{ name: 'moa', minDiskMb: '' }, 'minDiskMb'],
])('%j is refused at its field', (typed, field) => {
  expect(checkForm({ ...empty, ...typed }, ['ruru'])).toMatchObject({ ok: false, field })
})

test.each([
  { host: 'me@kea', maxBoards: '4' },
  { byCommand: true, command: 'docker exec -i kea' },
])('a machine comes back from its form unchanged: %j', (typed) => {
  const checked = checkForm({ ...empty, name: 'kea', ...typed }, [])
  if (!checked.ok) throw new Error(checked.text)
  expect(checkForm(formOf(checked.config), [])).toEqual(checked)
})

test('a command that is typed counts while the machine is reached by it', () => {
  const typed = { ...empty, name: 'kea', command: ' podman exec -i kea ' }
  expect(checkForm(typed, [])).toMatchObject({ config: { command: '' } })
  expect(checkForm({ ...typed, byCommand: true }, [])).toMatchObject({
    config: { command: 'podman exec -i kea', host: 'kea' },
  })
})

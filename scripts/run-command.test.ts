import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const module = new URL('run-command.mjs', import.meta.url).href

/**
 * A process group like a terminal's: a program that runs `child` by `runCommand`. The child presses
 * Ctrl-C, since it knows when it is ready for it.
 */
async function interruptedGroup(child: string, options: string) {
  const pressed = `${child}; setInterval(() => {}, 1000); process.kill(-process.ppid, 'SIGINT')`
  const script = `
    import { runCommand } from ${JSON.stringify(module)}
    await runCommand(process.execPath, ['-e', ${JSON.stringify(pressed)}], ${options})
    console.log('went on')`
  const group = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  group.stdout.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const [, signal] = await once(group, 'close')
  return { said, signal }
}

test('interrupted, it lets the program tidy up before it ends of the same signal', async () => {
  const child = `process.on('SIGINT', () => setTimeout(() => {
    process.stdout.write('tidied up')
    process.exit()
  }, 300))`
  const ended = await interruptedGroup(child, '{ show: true }')
  expect(ended).toEqual({ said: 'tidied up', signal: 'SIGINT' })
})

test('interrupted, it kills a program that can be spared', async () => {
  const child = `process.on('SIGINT', () => {})`
  const ended = await interruptedGroup(child, '{ expendable: true }')
  expect(ended).toEqual({ said: '', signal: 'SIGINT' })
})

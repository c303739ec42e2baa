import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../e2e/lab/lab.ts'
import { type Asker, nobodyToAsk } from './asker.ts'
import { run } from './run-command.ts'
import { createSsh } from './ssh.ts'

let lab: Lab
beforeAll(async () => {
  lab = await startHosts(3, {
    each: (index) =>
      [
        { hostKeys: ['ed25519', 'ecdsa', 'rsa'] as const },
        { sshd: ['MaxSessions 1'] },
        { loginScript: 'printf "Welcome to h3, no line end: "; alias ls=false; echo careful >&2' },
      ][index] ?? {},
  })
})
afterAll(() => lab.stop())

/** The lab's configuration with `lines` before it. */
async function _configWith(name: string, lines: string): Promise<string> {
  const file = join(lab.dir, name)
  await writeFile(file, `${lines}\nInclude ${lab.sshConfig}\n`)
  return file
}

async function echo(host: string, options: { ask?: Asker; configFile?: string } = {}) {
  const ssh = createSsh({ ask: nobodyToAsk, configFile: lab.sshConfig, ...options })
  const transport = await ssh.connect({ machine: host, host })
  try {
    const { stdout } = await run(transport, 'echo "$HOME"', { timeoutMs: 10_000 })
    return stdout.trim()
  } finally {
    await transport.close()
  }
}

test('a command runs in the home of its machine', async () => {
  expect(await echo('h1')).toBe(lab.host('h1').home)
})

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { FoundWorker } from '../../src-core/model.ts'
import { findWorkers, killWorkers } from '../../src-main/boss/stale-workers/stale-workers.ts'
import { WorkerLink } from '../../src-main/boss/worker-link/worker-link.ts'
import { executionPipe } from '../../src-main/boss/worker-link/worker-pipe.ts'
import { probe } from '../../src-main/machines/probe/probe.ts'
import { provisionWorker } from '../../src-main/machines/provision/provision.ts'
import { pushSource } from '../../src-main/machines/source/push-source.ts'
import { connectOpenSsh } from '../../src-main/machines/ssh/openssh-transport.ts'
import { Ssh } from '../../src-main/machines/ssh/ssh.ts'
import { nobodyToAsk } from '../../src-main/machines/ssh-login/asker.ts'
import { run } from '../../src-main/machines/transport/run-command.ts'
import { shellScript } from '../../src-main/machines/transport/shell-scripts.ts'
import type { LiveTransport } from '../../src-main/machines/transport/transport.ts'
import { localShell, remoteShell } from '../../src-main/requests/terminals/shell-command.ts'
import {
  createTerminals,
  type TerminalCommand,
} from '../../src-main/requests/terminals/terminals.ts'
import { git, temporaryRepository } from '../../src-main/tree/git/test-git.ts'
import { bundleWorker } from '../../src-worker/testing/bundle-worker.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { good } from './window.ts'

/** Login shells, and start files of theirs (below the home) that get in the way where they can. */
const shells: Readonly<Record<string, { program: string; startFiles: Record<string, string> }>> = {
  bash: {
    program: '/bin/bash',
    startFiles: { '.bashrc': 'echo "bash says hello"; alias exec=echo; set -o noclobber\n' },
  },
  dash: { program: '/bin/dash', startFiles: {} },
  ash: { program: 'busybox', startFiles: {} },
  zsh: {
    program: '/bin/zsh',
    startFiles: {
      '.zshenv': 'print -n "zsh says hello"; setopt no_nomatch extended_glob ksh_arrays\n',
    },
  },
  fish: {
    program: '/usr/bin/fish',
    startFiles: { '.config/fish/config.fish': 'echo "fish says hello"; set -x CDPATH / /usr\n' },
  },
  csh: { program: '/bin/bsd-csh', startFiles: { '.cshrc': 'echo csh says hello\nset noglob\n' } },
  tcsh: {
    program: '/bin/tcsh',
    startFiles: { '.tcshrc': 'echo tcsh says hello\nset backslash_quote\nset histchars=",;"\n' },
  },
}
const names = Object.keys(shells)

let lab: Lab
let dir: string
let workerFile: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-shells-'))
  const ash = join(dir, 'ash')
  await symlink('/bin/busybox', ash)
  const each = (index: number) => {
    const { program = '' } = shells[names[index] ?? ''] ?? {}
    const shell = program === 'busybox' ? ash : program
    return { shell, env: { SHELL: shell } }
  }
  lab = await startHosts(names.length, { names, each })
  for (const [name, { startFiles }] of Object.entries(shells)) {
    for (const [file, text] of Object.entries(startFiles)) {
      const path = join(lab.host(name).home, file)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
  }
  workerFile = await bundleWorker()
})
afterAll(async () => {
  await lab.stop()
  await rm(dir, { recursive: true, force: true })
})

const ssh2 = (host: string) =>
  new Ssh({ ask: nobodyToAsk, configFile: lab.sshConfig }).connect({ machine: host, host })
const openssh = (host: string) =>
  connectOpenSsh({ machine: host, host }, { configFile: lab.sshConfig })

/** `openssh` sends the same commands; one shell of each family shows it. */
const ways = names.flatMap((host) =>
  ['fish', 'csh', 'ash'].includes(host)
    ? ([
        ['ssh2', host, ssh2],
        ['openssh', host, openssh],
      ] as const)
    : ([['ssh2', host, ssh2]] as const),
)

test.each(ways)(
  'over %s, an account whose login shell is %s is probed, gets source and worker, and is cleared up',
  async (_, host, connect) => {
    const transport = await connect(host)
    try {
      await takeThroughARun(transport, host)
    } finally {
      await transport.close()
    }
  },
)

describe.each(names)('a terminal, with %s', (host) => {
  const commands = ['pwd', 'printenv CROSS_COMPILE']

  // An sshd that is not root's can't give a terminal to anybody.
  test.runIf(process.getuid?.() === 0)('starts where a board was built', async () => {
    const script = `cd / && cd "$HOME"; export CROSS_COMPILE='it'\\''s-'`
    const command = remoteShell({ title: host, script }, host, lab.sshConfig)
    await shows(command, commands, [lab.host(host).home, "it's-"])
  })

  test("does so on this computer, too, where that is the person's own shell", async () => {
    const { program = '' } = shells[host] ?? {}
    vi.stubEnv('SHELL', program === 'busybox' ? join(dir, 'ash') : program)
    vi.stubEnv('HOME', lab.host(host).home)
    try {
      const script = `cd ${dir} 2>/dev/null || echo gone; export CROSS_COMPILE=arm-`
      await shows(localShell({ title: host, script }, '/'), commands, [dir, 'arm-'])
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

async function takeThroughARun(transport: LiveTransport, host: string): Promise<void> {
  const { facts } = good(await probe(transport))
  expect(facts.buildsIn).toBe(`${lab.host(host).home}/.cache/slipway/work`)
  expect(ofThisHome(facts.workers)).toEqual([])
  const { signal } = new AbortController()
  const provision = { workerFile, cacheDir: dir, progress() {}, signal }
  const { command } = good(await provisionWorker(transport, facts, provision))
  const workDir = `${lab.host(host).home}/work`
  const tree = temporaryRepository({ 'it is.c': 'int main;\n' })
  const commits = [git(tree, 'rev-parse', 'HEAD')]
  const push = { gitDir: join(tree, '.git'), commits, remoteRepo: `${workDir}/repo.git` }
  good(await pushSource(transport, push, () => {}, signal))
  expect(git(push.remoteRepo, 'show', `${commits[0]}:it is.c`)).toBe('int main;')

  const link = await startWorker(transport, command)
  await link.request({ cmd: 'setup', work_dir: workDir, boss: 'anna@desk' }, 'setup_done', 20_000)
  const workers = ofThisHome((await findWorkers(transport)).workers)
  expect(workers).toMatchObject([{ state: 'live', boss: 'anna@desk' }])
  expect(await killWorkers(transport, workers)).toMatchObject({ problem: '', left: [] })
  await link.ended

  const unpack = await shellScript('unpack-toolchain.sh', { arch: 'arm', name: "it's" })
  expect((await run(transport, unpack, { stdin: 'x' })).stderr).toContain('the archive is damaged')
}

/** Others of this user id, whose tests run beside, leave their locks in the same folder as they end. */
function ofThisHome(workers: readonly FoundWorker[]): FoundWorker[] {
  return workers.filter(({ state }) => state !== 'gone')
}

async function startWorker(transport: LiveTransport, command: string): Promise<WorkerLink> {
  const execution = await transport.exec(command)
  const link = new WorkerLink(executionPipe(execution), { message() {}, diagnostics() {} })
  await link.ready
  return link
}

/** Types the lines into a terminal, and resolves once it shows all of the texts. */
async function shows(
  command: TerminalCommand,
  lines: readonly string[],
  texts: readonly string[],
): Promise<void> {
  let shown = ''
  let check = () => {}
  const terminals = createTerminals({
    data: (id, text) => {
      shown += text
      terminals.acknowledge(id, text.length)
      check()
    },
    exit: () => check(),
  })
  const all = new Promise<void>((resolve, reject) => {
    check = () => {
      if (texts.every((text) => shown.includes(text))) resolve()
      else if (terminals.running === 0) reject(new Error(`it ended, and showed: ${shown}`))
    }
  })
  const id = terminals.open(command)
  for (const line of lines) terminals.write(id, `${line}\r`)
  try {
    await all
  } finally {
    await terminals.closeAll()
  }
}

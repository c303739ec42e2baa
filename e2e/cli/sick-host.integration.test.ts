import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, readJson, type Slipway, writeSettings } from './slipway.ts'

/**
 * Of two hosts one is sick, in another way with each board. The other one ends nothing before the sick one
 * has had its way with ten boards, so that none of it is chance.
 */

type Sickness = {
  readonly name: string
  /** Shell text that runs there before make builds a board. */
  readonly makeSick: string
  /** What is told of the board's try there. */
  readonly said: RegExp
}

const clock: Sickness = {
  name: 'a clock that went back',
  makeSick: 'touch -d 2099-01-01 Makefile',
  said: /its clock or its file server's is off/,
}

/** Real ones, whose words are those of make, gcc, Python, cp and the dynamic linker. */
const deadly: readonly Sickness[] = [
  {
    name: 'a make that is another program',
    makeSick: 'set -- --no-such-option',
    said: /bug-make@gnu.org/,
  },
  {
    name: 'a compiler that crashes',
    makeSick: 'export COMPILER_PATH="$HOME/crashing"',
    said: /Segmentation fault signal terminated program cc/,
  },
  {
    name: 'hardly any memory',
    makeSick: 'export COMPILER_PATH="$HOME/killed"',
    said: /cc1 was killed, most likely for want of memory/,
  },
  {
    name: 'a damaged C library',
    makeSick: 'export LD_LIBRARY_PATH="$HOME/damaged"',
    // Its path may lie among temporary files, whose names are left out.
    said: /error while loading shared libraries: (?:libc\.so|<file>)/,
  },
  {
    name: 'a Python without its library',
    makeSick: 'export PYTHONHOME=/nowhere',
    said: /No module named 'encodings'/,
  },
  {
    name: 'no file that may be opened',
    makeSick: 'ulimit -n 3',
    said: /error while loading shared libraries: .*cannot open shared object file/,
  },
  {
    name: 'no file that may grow',
    makeSick: 'ulimit -f 0',
    said: /make failed with status \d+ without a word/,
  },
  {
    name: 'a full disk',
    makeSick: 'export PATH="$HOME/full:$PATH"',
    said: /a disk is full/,
  },
  {
    name: 'a file system that takes no files',
    makeSick: 'export PATH="$HOME/unwritable:$PATH"',
    said: /cp: cannot create regular file/,
  },
]

const sicknesses = [...deadly, clock]
/** It takes them at once, since after the first that fails it is given no more; the other one may take one away. */
const sickSlots = sicknesses.length + 1
/** One more, for the other one to begin with. */
const boards = Array.from({ length: sickSlots + 1 }, (_, index) => syntheticBoard(index))

/** What a board asks of its machine besides make, sh and cp: a compiler and Python, as U-Boot's do. */
const work = `while [ -e "$HOME/held" ]; do sleep 0.1; done
echo 'int main;' >"$O/main.c"
gcc -c -o "$O/main.o" "$O/main.c"
python3 -c 'print()' >"$O/python"`

let slipway: Slipway
let lab: Lab
let sickHome = ''
let run: ReturnType<typeof readJson>
let code: number | null

beforeAll(async () => {
  const sickLogin = { loginScript: 'export PATH="$HOME/bin:$PATH"' }
  ;[slipway, lab] = await Promise.all([
    makeSlipway(),
    startHosts(2, { names: ['sick', 'well'], each: (index) => (index === 0 ? sickLogin : {}) }),
  ])
  const tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, { boards: boards.length, buildMs: 0 })
  const script = join(tree, 'scripts', 'build.sh')
  const usual = await readFile(script, 'utf8')
  await writeFile(
    script,
    usual.replace(/^sleep .*$/m, () => work),
  )
  const limits = 'max_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n'
  const sick = `[machine:sick]\nmax_boards = ${sickSlots}\n${limits}`
  const well = `[machine:well]\nmax_boards = 1\n${limits}`
  await writeSettings(slipway, `[machines]\nsick = sick\nwell = well\n\n${sick}\n${well}`)
  sickHome = lab.host('sick').home
  await makeSick()
  const held = join(lab.host('well').home, 'held')
  await writeFile(held, '')
  const what = ['--boards', boards.join(','), '-o', join(slipway.dir, 'out'), '--json']
  const started = slipway.start(['--dist', '--no-local', ...what], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: lab.sshConfig },
  })
  for (const sickness of sicknesses) {
    const board = await vi.waitUntil(() => boardMetBy(sickness), { timeout: 120_000 })
    const told = `"build-(?:dropped|finished)".*"board":"${board}".*"machine":"sick"`
    await started.until(new RegExp(told))
  }
  await rm(held)
  const ended = await started.ended
  code = ended.code
  run = readJson(ended.stdout)
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

/** The next sickness for each board that its make is to build; `tried` keeps which board had which. */
async function makeSick(): Promise<void> {
  const program = async (path: string, text: string) => {
    await mkdir(dirname(join(sickHome, path)), { recursive: true })
    await writeFile(join(sickHome, path), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  }
  for (const folder of ['tried', 'damaged']) await mkdir(join(sickHome, folder))
  await writeFile(join(sickHome, 'damaged', 'libc.so.6'), 'damaged')
  // With few threads for so many boards it would be taken for slow, and get fewer at once.
  await program('bin/nproc', 'echo 64')
  await program('crashing/cc1', 'kill -SEGV $$')
  await program('killed/cc1', 'kill -KILL $$')
  await program('full/cp', 'exec /bin/cp /bin/sh /dev/full')
  await program('unwritable/cp', 'exec /bin/cp /bin/sh /proc/u-boot')
  const cases = sicknesses.map(({ makeSick }, index) => `${index}) ${makeSick} ;;`)
  await program(
    'bin/make',
    `case " $* " in *" --version "*|*" -v "*|*_defconfig*|*" mrproper "*|*" cfg "*) exec /usr/bin/make "$@" ;; esac
for word; do case $word in O=*) out=\${word#O=} ;; esac; done
n=0; until mkdir "$HOME/tried/$n" 2>/dev/null; do n=$((n + 1)); done
sed -n 's/^# board //p' "$out/.config" >"$HOME/tried/$n/board"
case $((n % ${cases.length})) in
${cases.join('\n')}
esac
exec /usr/bin/make "$@"`,
  )
}

/** Empty as long as no board has met it. */
async function boardMetBy(sickness: Sickness): Promise<string> {
  const file = join(sickHome, 'tried', String(sicknesses.indexOf(sickness)), 'board')
  return (await readFile(file, 'utf8').catch(() => '')).trim()
}

function outcomeOf(board: string) {
  return run.finished.builds.find((build) => build.board === board)
}

test.each(deadly)('$name is not put on a board, which is well elsewhere', async (sickness) => {
  const board = await boardMetBy(sickness)
  const tries = run.events.filter(
    (event) => event.event === 'build-dropped' && event.machine === 'sick' && event.board === board,
  )
  expect(tries).toMatchObject([{ reason: expect.stringMatching(sickness.said) }])
  expect(outcomeOf(board)).toMatchObject({ outcome: 'ok', machine: 'well' })
})

test("a clock that went back is said to be the host's", async () => {
  expect(outcomeOf(await boardMetBy(clock))).toMatchObject({ outcome: 'warnings', machine: 'sick' })
  expect(notesOfSick()).toContainEqual(expect.stringMatching(clock.said))
})

test('no board is ever shown as failed; the sick host is named with what it said, then left out', () => {
  const shown = run.events.filter((event) => event.event === 'build-finished')
  expect(shown.map(({ outcome }) => outcome).sort()).toEqual([
    ...boards.slice(1).map(() => 'ok'),
    'warnings',
  ])
  expect(code).toBe(101)
  const named = notesOfSick().filter((text) => text.includes(' failed there and is well on well'))
  expect(named).toEqual([expect.stringMatching(/; it said: ./)])
  const leftOut = run.events.filter(
    (event) => event.event === 'machine-changed' && event.phase === 'left out',
  )
  expect(leftOut).toMatchObject([
    {
      machine: 'sick',
      detail: expect.stringMatching(
        /^it failed 2 boards that are well on other machines; it said: ./,
      ),
    },
  ])
})

function notesOfSick(): string[] {
  return run.events.flatMap((event) =>
    event.event === 'note' && event.machine === 'sick' ? [String(event.text)] : [],
  )
}

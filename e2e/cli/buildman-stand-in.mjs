#!/usr/bin/env node
// Stands in for a machine's own `buildman --worker`: says and understands what the reference does,
// nothing else, and answers anything else with `error`. It really checks out and makes.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

const keys = {
  configure: ['settings', 'toolchains'],
  build_prepare: ['commits', 'max_boards'],
  build_board: ['board', 'arch'],
  build_done: [],
  quit: [],
}
const settings =
  'verbose_build allow_missing no_lto reproducible_builds warnings_as_errors mrproper fallback_mrproper config_only force_build kconfig_check force_reconfig lines'

const [, , mode, dashG, dir = '.'] = process.argv
if (mode !== '--worker' || dashG !== '-g') process.exit(2)
/** @type {string[]} */
let commits = []
appendFileSync(`${process.env.HOME}/buildman-started`, `${dir}\n`)

/** @param {object} message */
function say(message) {
  process.stdout.write(`BM> ${JSON.stringify(message)}\n`)
}

/** @param {Record<string, unknown>} message */
function complaintAbout({ cmd, ...rest }) {
  const known = keys[/** @type {keyof typeof keys} */ (cmd)]
  if (!known) return `unknown command ${cmd}`
  const odd = Object.keys(rest).filter((key) => !known.includes(key))
  if (odd.length > 0) return `${cmd}: unknown ${odd.join(', ')}`
  if (cmd !== 'configure') return ''
  const strange = Object.keys(rest.settings ?? {}).filter(
    (key) => !settings.split(' ').includes(key),
  )
  return strange.length > 0 ? `configure: unknown settings ${strange.join(', ')}` : ''
}

/** @param {string} board */
function build(board) {
  say({ resp: 'heartbeat', board, thread: 0 })
  for (const [index, commit] of commits.entries()) {
    const out = `../.bm-work/00/build`
    mkdirSync(out, { recursive: true })
    execFileSync('git', ['checkout', '-qf', commit], { cwd: dir })
    const config = spawnSync('make', [`O=${out}`, `${board}_defconfig`], { cwd: dir })
    const made = spawnSync('make', [`O=${out}`], { cwd: dir, encoding: 'utf8' })
    say({
      resp: 'build_result',
      board,
      commit_upto: index,
      return_code: config.status || made.status,
      stderr: made.stderr,
      stdout: made.stdout,
      load_avg: 0.5,
    })
  }
}

process.stdout.write('a banner of python, which is no message\n')
say({ resp: 'ready', nthreads: 2, slots: 2 })
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line)
  const complaint = complaintAbout(message)
  if (complaint !== '') say({ resp: 'error', msg: complaint })
  else if (message.cmd === 'configure') say({ resp: 'configure_done' })
  else if (message.cmd === 'build_prepare') {
    commits = message.commits
    say({ resp: 'build_started', num_threads: 1 })
    say({ resp: 'worktree_created', thread: 0 })
    say({ resp: 'build_prepare_done' })
  } else if (message.cmd === 'build_board') build(message.board)
  else if (message.cmd === 'build_done') say({ resp: 'build_done', exceptions: 0 })
  else if (message.cmd === 'quit') {
    say({ resp: 'quit_ack' })
    process.exit(137)
  }
}

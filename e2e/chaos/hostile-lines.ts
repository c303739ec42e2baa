/**
 * Lines that no honest program would send: messages of the protocol with values of every wrong kind,
 * in every order, and what is no message at all. A line follows from the random numbers alone.
 */

type Random = () => number

/** Boards and commits that the other side knows, so that some lines hit. */
export type Known = {
  readonly boards: readonly string[]
  readonly commits: number
  /** How many lines are damaged, 0 to 1. */
  readonly wild: number
}

/**
 * A place that is nobody's to write. Of this process, so that no other run's is found there; whoever looks
 * for it removes it.
 */
export const escaped = `/dev/shm/slipway-escaped-${process.pid}`

const longText = 'x'.repeat(100_000)

const nastyTexts: readonly string[] = [
  ...['', '.', '..', '../../../escaped', escaped, 'a/../../../b', 'a//b', 'done', 'log'],
  ...['slipway.json', '__proto__', 'constructor', 'toString', 'NaN', '-1', '~', '$(id)', '`id`'],
  ...['\u0000', 'a\u0000b', '\u001b]0;title\u0007', '\u001b[2J', 'two\nlines', '\r', '\u009b31m'],
  ...['\u202egnp.exe', '\ud800', '\ufffd', '💥', 'é'.repeat(300), 'con', 'a\\b', '%2e%2e', '-rf'],
]

const nastyNumbers: readonly number[] = [
  ...[0, -0, 1, -1, -5, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 5e-324],
  ...[999_999_999, 1e7, 255, 256, 4097, 65_536],
]

function pick<T>(random: Random, all: readonly T[]): T {
  return all[Math.floor(random() * all.length)] as T
}

/** Mostly short, so that a million lines are no hundred gigabytes. */
function someText(random: Random): string {
  return random() < 0.02 ? longText : pick(random, nastyTexts)
}

function nastyValue(random: Random, depth = 0): unknown {
  const kind = random()
  if (kind < 0.35) return pick(random, nastyTexts)
  if (kind < 0.7) return pick(random, nastyNumbers)
  if (kind < 0.71) return longText
  if (kind < 0.8 || depth > 2) return pick(random, [null, true, false])
  const length = Math.floor(random() * 4)
  const values = Array.from({ length }, () => nastyValue(random, depth + 1))
  if (kind < 0.9) return values
  return Object.fromEntries(values.map((value) => [pick(random, nastyTexts), value]))
}

const infinite = '"∞"'
const noMessages: readonly string[] = [
  ...['{', '[]', 'null', '"text"', '{}', '1e999', '{"resp":', '{"resp":null}', '{"cmd":[]}'],
  ...['{"__proto__":{"resp":"ready"}}', '[[[[[[[[[[', '\u0000\u0001\u0002', 'BM> BM> {}', '🙂'],
  ...['{"resp":"exec","run":"id"}', '{"cmd":"exec","run":"id"}', '\u001b[2J\u001b]52;c;eA==\u0007'],
  '['.repeat(50_000),
]

/**
 * One line without its newline. `key` is what names a message: `resp` or `cmd`. `wild` (0 to 1): how many
 * are damaged; the others are whole, and come when nobody asked.
 */
function hostileLine(
  random: Random,
  wild: number,
  key: 'resp' | 'cmd',
  templates: readonly Readonly<Record<string, unknown>>[],
): string {
  const kind = random() / wild
  if (kind < 0.05) return pick(random, noMessages)
  const message: Record<string, unknown> = { ...pick(random, templates) }
  const fields = Object.keys(message).filter((field) => field !== key)
  const changes = kind > 0.6 ? 0 : 1 + Math.floor(random() * 2)
  for (let change = 0; change < changes; change += 1) {
    const field = pick(random, fields)
    if (field === undefined) break
    if (random() < 0.1) delete message[field]
    else message[field] = random() < 0.02 ? '∞' : nastyValue(random)
  }
  // Only text can say a number beyond all others.
  const line = JSON.stringify(message).replace(infinite, '1e999')
  return random() < 0.02 * wild ? line.slice(0, Math.floor(random() * line.length)) : line
}

/** What a hostile worker says, once its boss takes it for one. */
export function hostileWorkerLine(random: Random, { boards, commits, wild }: Known): string {
  const upto = Math.floor(random() * (commits + 1))
  const board = random() < 0.8 ? pick(random, boards) : pick(random, nastyTexts)
  const build = { board, commit_upto: upto }
  const building = { ...build, slot: 0, attempt: 1 + Math.floor(random() * 3) }
  const text = someText(random)
  const path = random() < 0.3 ? pick(random, nastyTexts) : 'u-boot.bin'
  const result = { resp: 'build_result', ...building, return_code: 0, stderr: '', stdout: 'fake\n' }
  const line = hostileLine(random, wild, 'resp', [
    { ...result, sizes: { raw: '1 2 3 6 6 f 1' }, out_cmd: 'make $(id)\n', reason_text: '' },
    { ...result, return_code: 2, stderr: 'fake: error\n' },
    { ...result, kept: [{ path, size: 5, sha256: '' }], config: { '.config': '', '../x': 'x' } },
    { ...result, files_gz: 'H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==', load_avg: 1, cpu_ms: 5 },
    { resp: 'output_chunk', ...build, path, size: 5, offset: 0, data: 'ZmFrZQo=' },
    { resp: 'output_end', ...build, files: 1, bytes: 5, problem: text },
    { resp: 'board_started', ...building },
    { resp: 'board_cancelled', board, attempt: 1, uptos: [upto] },
    { resp: 'log_chunk', ...building, stream: 'stdout', offset: 0, text },
    { resp: 'heartbeat', board, thread: 0 },
    { resp: 'load', load_avg: 1, cpu_percent: 5, mem_available_mb: 5, disk_available_mb: 5 },
    {
      resp: 'load',
      load_avg: 1e308,
      cpu_percent: 5,
      mem_available_mb: 5,
      disk_available_mb: 5,
      building: 0,
      queued: 0,
    },
    { resp: 'pong', seq: 1 },
    { resp: 'build_started', num_threads: 4096 },
    { resp: 'worktree_created', thread: 0 },
    { resp: 'build_prepare_done' },
    { resp: 'configure_done', ccache: true },
    { resp: 'setup_done', work_dir: '/', git_dir: '/', tools: { make: text } },
    { resp: 'ready', nthreads: 999_999_999, slots: -5, features: [text], protocol: 1, pid: 1 },
    { resp: 'build_done', exceptions: text },
    { resp: 'error', msg: text, board, cmd: 'cancel_board' },
    { resp: 'error', msg: text, board, cmd: 'build_board' },
    { resp: 'quit_ack' },
  ])
  return random() < 0.03 * wild ? line : `BM> ${line}`
}

/** Of a hostile boss's lines, those that start programs. */
const costlyShare = 0.005

/** What a hostile boss says to a worker that has its work folder. It asks for no end. */
export function hostileBossLine(random: Random, { boards, commits, wild }: Known): string {
  const board = random() < 0.5 ? pick(random, boards) : pick(random, nastyTexts)
  const upto = Math.floor(random() * (commits + 1))
  const text = someText(random)
  const series = Array.from({ length: commits }, () => null)
  if (random() < costlyShare) {
    return hostileLine(random, wild, 'cmd', [
      { cmd: 'build_prepare', commits: series, max_boards: 2, boards_expected: 1 },
      { cmd: 'build_board', board, arch: 'sandbox', uptos: [upto], attempt: 1, fragments: [board] },
      { cmd: 'build_board', board, arch: '../x', defconfig: board, cpu: text },
      { cmd: 'build_boards', commits: series, boards: [{ board, arch: 'sandbox' }] },
    ])
  }
  return hostileLine(random, wild, 'cmd', [
    { cmd: 'setup', work_dir: escaped, boss: text, run_id: text },
    {
      cmd: 'configure',
      settings: { jobs: 1, ccache: false },
      toolchains: { sandbox: '/bin/false' },
    },
    { cmd: 'configure', settings: {}, make_flags: { [board]: ['X=1'] }, toolchains: {} },
    { cmd: 'cancel_board', board },
    { cmd: 'watch', board, commit_upto: upto, on: true },
    { cmd: 'fetch_output', board, commit_upto: upto },
    { cmd: 'ping', seq: Math.floor(random() * 1e9) },
    { cmd: 'build_done' },
  ])
}

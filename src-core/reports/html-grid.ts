import { machineTitle, plural } from '../basics/words.ts'
import { type MachineLook, machineLooks, noLook } from '../machine-colours.ts'
import { markOf } from '../run/build-mark.ts'
import { escaped } from './escaped.ts'
import type { ReportSource } from './report-source.ts'
import { type RunBuild, runBuilds } from './run-builds.ts'

/** More cells than this are nothing to look at. */
const mostCells = 20_000
/** More rows of a series than this are left to those whose outcome changes. */
const mostRows = 400

/** Styles of the cells: the hue says machine, shape and plate say what came of the build. */
export function gridStyle({ run, colours }: ReportSource): string {
  const looks = machineLooks(run.machines, colours)
  const machines = run.machines.map(({ name }, index) => {
    const { colour, ink, dotted } = looks.get(name) ?? noLook
    const dots = dotted ? `radial-gradient(${ink} 1px, transparent 1.5px) 0 0 / 5px 5px, ` : ''
    return `.m${index + 1} { background: ${dots}${colour}; color: ${ink}; }`
  })
  return `${cellStyle}\n${machines.join('\n')}\n`
}

const cellStyle = `
.cells { display: flex; flex-wrap: wrap; gap: 2px; margin: 2px 0 8px; }
i { display: inline-block; position: relative; box-sizing: border-box; width: 16px; height: 16px; font: 700 9px/16px system-ui, sans-serif;
  text-align: center; vertical-align: middle; box-shadow: inset 0 0 0 1px light-dark(rgb(0 0 0 / 55%), rgb(255 255 255 / 45%));
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
i.n, i.q { background: none; box-shadow: none; }
i.n::after { content: ""; position: absolute; inset: 5px; border-radius: 50%; background: light-dark(#6b7078, #a9afb8); }
i.q { border: 1px dotted light-dark(#6b7078, #a9afb8); }
i.f::after { content: "\\2715"; position: absolute; inset: 2px; background: #c8102e; color: #fff; border: 1px solid #fff; line-height: 10px; }
i.b::after { content: "\\2013"; position: absolute; inset: 2px; background: #000; color: #fff; border: 1px solid #fff; line-height: 10px; }
i.w::after { content: ""; position: absolute; top: 0; right: 0; width: 9px; height: 9px;
  background: linear-gradient(to top right, transparent 50%, #fff 50%, #fff 64%, #000 64%); }
.grid { display: block; overflow-x: auto; } .grid td { padding: 1px; } .grid th { padding: 0 8px 0 0; text-align: left; font: 12px/16px ui-monospace, monospace; }
.grid thead th { writing-mode: vertical-rl; padding: 0 0 4px; }
`

const letters = { ok: 'o', warnings: 'w', failed: 'f', 'not built': 'n', open: 'q' } as const
/** Of a build that does not boot. */
const noBoot = 'b'

/** A cell a build; boards by architecture, or below their commits. */
export function gridSection(source: ReportSource): string {
  const { run } = source
  const builds = runBuilds(run)
  if (builds.length === 0) return ''
  const picture = run.commits.length > 1 ? seriesGrid(source, builds) : boardGrid(builds, source)
  return `<section><h2>Builds</h2>${machineKey(source)}${picture}</section>`
}

/** What each colour and each mark means. */
function machineKey({ run, colours }: ReportSource): string {
  const looks = machineLooks(run.machines, colours)
  const machines = run.machines.flatMap(({ name, done }, index) => {
    if (done === 0) return []
    const { code }: MachineLook = looks.get(name) ?? noLook
    return [`<i class="m${index + 1}">${escaped(code)}</i> ${escaped(machineTitle(name))}`]
  })
  const marks = [
    ['w', 'warnings'],
    ['f', 'failed'],
    [noBoot, 'does not boot'],
    ['n', 'not built'],
  ].map(([letter, words]) => `<i class="${letter}"></i> ${words}`)
  return `<p class="key">${[...machines, ...marks].map((one) => `<span>${one}</span>`).join(' ')}</p>`
}

function boardGrid(builds: readonly RunBuild[], source: ReportSource): string {
  const byArch = new Map<string, RunBuild[]>()
  for (const build of builds.slice(0, mostCells)) {
    const own = byArch.get(build.board.arch)
    if (own) own.push(build)
    else byArch.set(build.board.arch, [build])
  }
  const cells = [...byArch].map(
    ([arch, own]) =>
      `<h3>${escaped(arch || 'no architecture')} <span class="soft">${own.length}</span></h3><div class="cells">${own.map((build) => cell(build, source)).join('')}</div>`,
  )
  return [...cells, leftOut(builds.length - mostCells, 'build')].join('\n')
}

function seriesGrid(source: ReportSource, builds: readonly RunBuild[]): string {
  const { boards, commits } = source.run
  const rows = boards.map((_, row) =>
    builds.slice(row * commits.length, (row + 1) * commits.length),
  )
  const all = rows.length <= mostRows
  const changing = all
    ? rows
    : rows.filter((row) => new Set(row.map((one) => one.outcome)).size > 1)
  const shown = changing.slice(0, Math.min(mostRows, Math.floor(mostCells / commits.length)))
  const head = commits.map(
    ({ hash, subject }) => `<th title="${escaped(subject)}">${escaped(hash.slice(0, 8))}</th>`,
  )
  const body = shown.map((row) => {
    const cells = row.map((build) => `<td>${cell(build, source)}</td>`)
    return `<tr><th scope="row">${escaped(row[0]?.board.target ?? '')}</th>${cells.join('')}</tr>`
  })
  const rest = leftOut(rows.length - shown.length, 'board', all ? '' : ' that did not change')
  return `<table class="grid"><thead><tr><th></th>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>${rest}`
}

function cell(build: RunBuild, { run }: ReportSource): string {
  const { board, outcome, machine, seconds, reason } = build
  const mark = markOf(run, build.cell)
  const words = mark === 'no boot' ? 'does not boot' : mark
  const where = machine === '' || outcome === 'not built' ? '' : ` on ${machineTitle(machine)}`
  const title = [
    `${board.target}: ${words}${where}`,
    ...(seconds > 0 && outcome !== 'open' ? [`${seconds.toFixed(1)} s`] : []),
    ...(reason === '' ? [] : [reason]),
  ].join(', ')
  const hue =
    outcome === 'not built' || outcome === 'open' ? 0 : (run.cells.machine[build.cell] ?? 0)
  const letter = mark === 'no boot' ? noBoot : letters[outcome]
  return `<i class="m${hue} ${letter}" title="${escaped(title)}"></i>`
}

function leftOut(count: number, what: string, which = ''): string {
  return count > 0 ? `<p class="soft">${plural(count, what)}${which} left out here.</p>` : ''
}

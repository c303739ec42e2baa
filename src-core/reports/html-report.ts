import { machineTitle, plural, sentence, signed } from '../basics/words.ts'
import type { BoardChange } from '../summary/boards.ts'
import type { LineChange } from '../summary/lines.ts'
import { escaped } from './escaped.ts'
import { gridSection, gridStyle } from './html-grid.ts'
import type { ReportSource } from './report-source.ts'
import { runBuilds } from './run-builds.ts'
import { byArch, type CommitReport, listNames, type RunReport, wholeGrowth } from './run-report.ts'
import { sizeTexts } from './size-texts.ts'
import { countsText, headline } from './text-report.ts'

/** More failures than this are named by their problems alone. */
const mostFailures = 500
/** Names of boards that are shown at once behind one problem; the others unfold. */
const boardsAtOnce = 8

/**
 * A run's report as one HTML file that needs no other: its styles are in it, scripts are not. Whatever comes
 * from a tree or a log is escaped.
 */
export function htmlReport(source: ReportSource): string {
  const { report } = source
  const told = report.commits.filter((commit) => !commit.quiet)
  const quiet = report.commits.length - told.length
  const body = [
    `<h1>${escaped(headline(report))}</h1>`,
    `<p class="soft">${escaped([report.treeDir, whenText(report.startedAt)].filter(Boolean).join(', '))}</p>`,
    `<p>${escaped(countsText(report))}</p>`,
    problemSection(source),
    ...told.map(commitSection),
    quiet > 0 ? `<p class="soft">${plural(quiet, 'commit')} changed nothing.</p>` : '',
    gridSection(source),
    failureSection(source),
    sizeSection(report),
    machineSection(report),
  ]
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta name="generator" content="Slipway">',
    `<title>${escaped(headline(report))}</title>`,
    `<style>${style}${gridStyle(source)}</style>`,
    `<main>${body.join('\n')}</main>`,
    '</html>',
    '',
  ].join('\n')
}

const style = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f7f7f5, #16181b); color: light-dark(#1b1d20, #e8e9eb); }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { font-size: 20px; } h2 { font-size: 16px; margin: 28px 0 4px; } h3 { font-size: 14px; margin: 12px 0 2px; }
p { margin: 4px 0; } .soft { color: light-dark(#565b63, #a9afb8); }
pre { margin: 2px 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, monospace; }
.bad { color: light-dark(#b00d28, #ff8592); font-weight: 600; }
table { border-collapse: collapse; } th, td { padding: 2px 16px 2px 0; text-align: left; vertical-align: baseline; }
th { font-weight: 400; color: light-dark(#565b63, #a9afb8); } .n { text-align: right; font-variant-numeric: tabular-nums; }
.key span { margin-right: 14px; white-space: nowrap; }
details { margin: 2px 0; } summary { cursor: default; }
.tail { margin: 4px 0 8px; padding: 6px 8px; border-left: 3px solid light-dark(#dededa, #2d3137); }
@media print {
  :root { color-scheme: light; font-size: 11px; } body { background: none; } main { max-width: none; padding: 0; }
  tr, h2, h3 { break-inside: avoid; break-after: avoid; } tr { break-after: auto; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`

function whenText(at: number): string {
  if (at === 0) return ''
  return new Date(at).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' })
}

function commitSection(report: CommitReport): string {
  const { commit, came, went, stillFailing } = report
  const names = listNames(report)
  const name = commit.currentSource
    ? 'Current source'
    : `<code>${escaped(commit.hash.slice(0, 12))}</code> ${escaped(commit.subject)}`
  return [
    `<section><h2>${name}</h2>`,
    commit.author ? `<p class="soft">${escaped(commit.author)}</p>` : '',
    boardsPart(names.broken, report.broken, 'bad'),
    boardsPart('Fixed', report.fixed),
    boardsPart(names.warned, report.warned),
    boardsPart('Warnings gone', report.cleared),
    stillFailing > 0
      ? `<p class="soft">${plural(stillFailing, 'board')} failed before, too.</p>`
      : '',
    linesPart(names.came, came),
    linesPart('Gone', went),
    ...sizeTexts(report.sizes).map((text) => `<p class="soft">${escaped(sentence(text))}</p>`),
    ...report.notBuilt.map(
      ({ reason, boards }) =>
        `<p>Not built (${boards.length}): ${escaped(reason)}<br><span class="soft">${escaped(boards.join(' '))}</span></p>`,
    ),
    '</section>',
  ].join('\n')
}

function boardsPart(title: string, changes: readonly BoardChange[], look = ''): string {
  if (changes.length === 0) return ''
  const rows = [...byArch(changes)].map(
    ([arch, boards]) =>
      `<tr><th scope="row">${escaped(arch)}</th><td>${escaped(boards.join(' '))}</td></tr>`,
  )
  return `<h3 class="${look}">${title}: ${plural(changes.length, 'board')}</h3><table>${rows.join('')}</table>`
}

function linesPart(title: string, lines: readonly LineChange[]): string {
  if (lines.length === 0) return ''
  return `<h3>${title}</h3>${lines.map(linePart).join('')}`
}

function linePart({ sign, text, boards }: LineChange): string {
  return `<div><pre>${sign} ${escaped(text)}</pre>${boardsText(boards)}</div>`
}

function boardsText(boards: readonly string[]): string {
  const some = escaped(boards.slice(0, boardsAtOnce).join(' '))
  const rest = boards.slice(boardsAtOnce)
  if (rest.length === 0) return `<p class="soft">${plural(boards.length, 'board')}: ${some}</p>`
  return `<details class="soft"><summary>${plural(boards.length, 'board')}: ${some} …</summary>${escaped(rest.join(' '))}</details>`
}

function problemSection({ problems, run }: ReportSource): string {
  if (run.commits.length < 2 || problems.length === 0) return ''
  const rows = problems.map(({ text, boards, since }) => {
    const commit = run.commits[since]?.hash.slice(0, 12) ?? ''
    return `<tr><td class="n">${boards.length}</td><td><code>${escaped(commit)}</code></td><td><pre>${escaped(text)}</pre></td></tr>`
  })
  return `<section><h2>Still there in the end</h2><table><tr><th class="n">boards</th><th>since</th><th>what</th></tr>${rows.join('')}</table></section>`
}

/** Why each build failed, with the end of its log. */
function failureSection({ run, tails }: ReportSource): string {
  const failed = runBuilds(run).filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return ''
  const shown = failed.slice(0, mostFailures).map((build) => {
    const { board, commit, machine, proof, firstErrors, cell } = build
    const where = machine === '' ? '' : ` on ${machineTitle(machine)}`
    const at = run.commits.length > 1 ? ` at <code>${escaped(commit.hash.slice(0, 12))}</code>` : ''
    const tail = tails.get(cell) ?? ''
    return [
      `<h3>${escaped(board.target)}${at}<span class="soft">${escaped(where)}</span></h3>`,
      proof ? `<p class="soft">${escaped(proof.text)}</p>` : '',
      ...firstErrors.map((line) => `<pre>${escaped(line)}</pre>`),
      tail === ''
        ? ''
        : `<details><summary class="soft">End of its log</summary><pre class="tail">${escaped(tail)}</pre></details>`,
    ].join('\n')
  })
  const more = failed.length - shown.length
  const rest = more > 0 ? `<p class="soft">${plural(more, 'more build')} failed.</p>` : ''
  return `<section><h2>Failed builds</h2>${shown.join('\n')}${rest}</section>`
}

function sizeSection(report: RunReport): string {
  if (report.sizes.length === 0) return ''
  const whole = wholeGrowth(report.commits)
  const deltas = report.commits.length > 1
  const head = `<tr><th>architecture</th><th class="n">boards</th><th class="n">mean size</th>${deltas ? '<th class="n">mean change over the series</th>' : ''}<th>largest</th></tr>`
  const rows = report.sizes.map(({ arch, boards, mean, largest }) => {
    const change = whole.get(arch) ?? 0
    return `<tr><td>${escaped(arch)}</td><td class="n">${boards}</td><td class="n">${Math.round(mean).toLocaleString('en')}</td>${deltas ? `<td class="n">${change === 0 ? '0' : signed(change)}</td>` : ''}<td>${escaped(largest.board)} <span class="soft">${largest.bytes.toLocaleString('en')}</span></td></tr>`
  })
  return `<section><h2>Size of u-boot in bytes</h2><table>${head}${rows.join('')}</table></section>`
}

function machineSection({ machines }: RunReport): string {
  if (machines.length === 0) return ''
  const rows = machines.map(
    ({ name, built, failed }) =>
      `<tr><td>${escaped(machineTitle(name))}</td><td class="n">${built}</td><td class="n">${failed}</td></tr>`,
  )
  return `<section><h2>Machines</h2><table><tr><th>machine</th><th class="n">built</th><th class="n">failed</th></tr>${rows.join('')}</table></section>`
}

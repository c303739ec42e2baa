/** What a person sends to those who make Slipway when something is wrong with it. */
export type ProblemReport = {
  /** Of the app and what it runs on, by name. */
  readonly versions: Readonly<Record<string, string>>
  /** The system in a line: name, release, architecture. */
  readonly system: string
  /** JSON of the window's settings. */
  readonly settings: string
  /** The end of the app's own log. */
  readonly log: string
  /** The runs of last, newest first, each with the end of its log. */
  readonly runs: readonly { readonly title: string; readonly log: string }[]
  /** The person's home folder, which is written as `~`. */
  readonly home: string
}

const introduction = `A report of a problem with Slipway

It names folders, machines, boards and what compilers said. Read it before you send it. Passwords in
addresses are left out, and ~/.buildman is not part of it.
`

/** The report as one text. */
export function problemReportText(report: ProblemReport): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`)
  const sections = [
    ['Versions', [...versions, report.system].join('\n')],
    ['Settings of the window', report.settings],
    ['Log of the app', report.log],
    ...report.runs.map(({ title, log }) => [`Run: ${title}`, log] as const),
  ]
  const text = sections.map(
    ([title, body = '']) => `\n== ${title}\n\n${body.trimEnd() || '(nothing)'}\n`,
  )
  return withoutSecrets(`${introduction}${text.join('')}`, report.home)
}

function withoutSecrets(text: string, home: string): string {
  const shortened = home.length > 1 ? text.replaceAll(home, '~') : text
  return shortened.replaceAll(/(\/\/)[^\s/@"]+@/g, '$1...@')
}

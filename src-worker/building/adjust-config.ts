/** One wish for the configuration (`-a`): `value` null means "not set". */
export type Adjustment = { readonly name: string; readonly value: string | null }

/**
 * Reads `X`, `~X` and `X=val`, each with or without `CONFIG_`. Throws on anything else: a wish that
 * was misread would go unnoticed in hundreds of builds.
 */
export function parseAdjustment(item: string): Adjustment {
  const match = /^(~?)(?:CONFIG_)?([A-Za-z0-9_]+)(?:=(.*))?$/s.exec(item.trim())
  const [, off, name, value] = match ?? []
  if (name === undefined || (off && value !== undefined)) {
    throw new Error(`can't read the adjustment '${item}': expected X, ~X or X=value`)
  }
  if (off) return { name, value: null }
  return { name, value: value ?? 'y' }
}

/**
 * All wishes of a run. Reproducible builds may not take their version from the state of git, unless
 * somebody asked for a local version by name (reference, section 5).
 */
export function adjustmentsOf(settings: {
  readonly adjust_cfg: readonly string[]
  readonly reproducible_builds: boolean
}): Adjustment[] {
  const asked = settings.adjust_cfg.map(parseAdjustment)
  const namesVersion = asked.some((a) => /^LOCALVERSION(_AUTO)?$/.test(a.name))
  if (!settings.reproducible_builds || namesVersion) return asked
  return [...asked, { name: 'LOCALVERSION_AUTO', value: null }]
}

function lineFor({ name, value }: Adjustment): string {
  return value === null ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`
}

/** The wishes as a configuration fragment. */
export function adjustmentFragment(adjustments: readonly Adjustment[]): string {
  return adjustments.map((a) => `${lineFor(a)}\n`).join('')
}

/** Which wishes a `.config` does not fulfil, as text for stderr; empty if it fulfils all. */
export function checkAdjustments(config: string, adjustments: readonly Adjustment[]): string {
  const lines = config.split('\n')
  const present = new Set(lines)
  const complaints = adjustments.flatMap((wish) => {
    const { name, value } = wish
    if (value !== null) {
      return present.has(lineFor(wish)) ? [] : [[name, `Missing expected line: ${lineFor(wish)}`]]
    }
    const found = lines.find((line) => line.startsWith(`CONFIG_${name}=`))
    return found === undefined ? [] : [[name, found]]
  })
  if (complaints.length === 0) return ''
  const list = complaints.map(([name = '', text]) => `${name.padEnd(20)}  ${text}\n`).join('')
  return `These CONFIG settings did not come out as asked: the option may not exist, or others\nrule it out.\n\n${list}`
}

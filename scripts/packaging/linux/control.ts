import { systemPackages } from '../../installing/system-packages.mjs'

/** What a Debian package is told of besides its files. */
export type PackageFacts = {
  readonly version: string
  readonly description: string
  /** Name and mail address, as Debian writes them. */
  readonly maintainer: string
  /** As Debian calls it: `amd64`. */
  readonly architecture: string
  /** Of all its files, in KiB. */
  readonly installedSize: number
}

/** What builds and source need beside the window: a tree's history, machines, and make itself. */
const programs = ['git', 'make', 'openssh-client']

/** What a board of this computer's own architecture needs, and what makes the next build quick. */
const recommended = ['bison', 'ccache', 'flex', 'gcc']

/** The text of `DEBIAN/control` (Debian policy, chapter 5). */
export function controlText(facts: PackageFacts): string {
  const libraries = systemPackages.window.map((entry) => entry.replaceAll('|', ' | '))
  const fields = {
    Package: 'slipway',
    Version: facts.version,
    Architecture: facts.architecture,
    Maintainer: facts.maintainer,
    'Installed-Size': facts.installedSize,
    Depends: [...programs, ...libraries].join(', '),
    Recommends: recommended.join(', '),
    Section: 'devel',
    Priority: 'optional',
    Description: `${facts.description}\n${paragraph}`,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  return lines.join('')
}

const paragraph = ` Slipway finds the boards of a U-Boot tree, shares their builds out over this
 computer and machines reached by SSH, and shows live which machine builds which
 board and what came of it. The command "slipway" builds in the terminal with
 buildman's flags; "slipway window" opens the window.`

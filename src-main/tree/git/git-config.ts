/** `git config`: the few settings of a person that change which bytes a file has, or which files count. */
import { type GitPlace, runGit } from './git-run.ts'

/** Harmless by their values; anything else in a repository's configuration stays there. */
const plainSettings = ['autocrlf', 'eol', 'filemode', 'symlinks', 'ignorecase', 'precomposeunicode']

/** By name, e.g. `autocrlf`; only plain words are taken. */
export async function readPlainSettings(
  place: GitPlace,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const names = `^core\\.(${plainSettings.join('|')})$`
  const found = ['-z', '--get-regexp', names]
  // 1: none of them is set.
  const expect = [0, 1, notHere]
  const own = await runGit(place, ['config', ...found], { expect, signal })
  const stdout = own.code === notHere ? await settingsOfPerson(found, signal) : own.stdout
  const settings = new Map<string, string>()
  for (const entry of stdout.split('\0')) {
    const [, name, value = 'true'] = /^core\.(\w+)(?:\n(\w+))?$/.exec(entry) ?? []
    if (name !== undefined) settings.set(name, value)
  }
  return settings
}

/** By its exit code git says, too, that there is no such file, and no repository where `.git` names one. */
const notHere = 128

/** Where no repository is: even `--global` fails in a folder whose `.git` leads nowhere. */
const nowhere: GitPlace = { folder: '/' }

async function settingsOfPerson(
  found: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const scopes = ['--system', '--global']
  const options = { expect: [0, 1, notHere], signal }
  const answers = await Promise.all(
    scopes.map((scope) => runGit(nowhere, ['config', scope, ...found], options)),
  )
  return answers.map(({ stdout }) => stdout).join('')
}

/** The ignore file that a person set for all repositories; null for git's default one. */
export async function readUserExcludesFile(signal?: AbortSignal): Promise<string | null> {
  for (const scope of ['--global', '--system']) {
    const { code, stdout } = await runGit(
      nowhere,
      ['config', scope, '--type=path', '--get', 'core.excludesFile'],
      // 1: not set.
      { expect: [0, 1, notHere], signal },
    )
    if (code === 0) return stdout.replace(/\n$/, '')
  }
  return null
}

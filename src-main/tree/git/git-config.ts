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
  const { stdout } = await runGit(place, ['config', '-z', '--get-regexp', names], {
    // 1: none of them is set.
    expect: [0, 1],
    signal,
  })
  const settings = new Map<string, string>()
  for (const entry of stdout.split('\0')) {
    const [, name, value = 'true'] = /^core\.(\w+)(?:\n(\w+))?$/.exec(entry) ?? []
    if (name !== undefined) settings.set(name, value)
  }
  return settings
}

/** The ignore file that a person set for all repositories; null for git's default one. */
export async function readUserExcludesFile(
  place: GitPlace,
  signal?: AbortSignal,
): Promise<string | null> {
  for (const scope of ['--global', '--system']) {
    const { code, stdout } = await runGit(
      place,
      ['config', scope, '--type=path', '--get', 'core.excludesFile'],
      // 1: not set; 128: there is no such file.
      { expect: [0, 1, 128], signal },
    )
    if (code === 0) return stdout.replace(/\n$/, '')
  }
  return null
}

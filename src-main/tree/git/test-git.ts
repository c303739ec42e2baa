/** Real repositories for tests, made with the git at hand and nobody's settings. */
import { execFileSync } from 'node:child_process'
import { temporaryFolder, writeFiles } from '../test-tree.ts'

const environment = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
}

let seconds = 1_600_000_000

/** Runs git in the folder and gives what it printed, without the last line break. */
export function git(folder: string, ...args: string[]): string {
  // Commits a minute apart, so that their order is sure.
  seconds += 60
  const date = `${seconds} +0000`
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  }).replace(/\n$/, '')
}

/** A new repository with one commit on `main` that holds these files. */
export function temporaryRepository(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  git(folder, 'init', '-q', '-b', 'main')
  commitFiles(folder, 'Start', files)
  return folder
}

/** Writes the files and commits everything; returns the commit. */
export function commitFiles(
  folder: string,
  subject: string,
  files: Readonly<Record<string, string>> = {},
): string {
  writeFiles(folder, files)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', subject)
  return git(folder, 'rev-parse', 'HEAD')
}

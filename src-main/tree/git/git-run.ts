/**
 * Runs git. Every other `git-*.ts` is one command of it, and declares the exit codes that it expects.
 *
 * A repository may be hostile: its configuration can name programs (fsmonitor, hooks, filters, ssh,
 * pagers). Such settings are overridden here, nothing is fetched, and nothing asks a person. Commands
 * that compare or hash files run in a shadow repository besides, where no setting of the tree counts.
 */
import { spawn } from 'node:child_process'
import { withPipes } from '../../with-pipes.ts'

/** Where a command works. */
export type GitPlace = {
  readonly folder: string
  /** Set for a repository that is not found from `folder`: our own. */
  readonly gitDir?: string
  readonly indexFile?: string
}

export type GitOptions = {
  /** Exit codes that are answers; any other one throws. Default: only 0. */
  readonly expect?: readonly number[]
  readonly input?: string
  readonly signal?: AbortSignal | undefined
  /** More environment, e.g. who commits when. */
  readonly environment?: Readonly<Record<string, string>>
  /** `latin1` carries the bytes of file names unchanged, whatever they encode. Default: utf8. */
  readonly encoding?: 'utf8' | 'latin1'
}

export type GitAnswer = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** git ended in a way that its caller did not expect, or could not be run at all. */
export class GitError extends Error {
  readonly stderr: string
  constructor(message: string, stderr: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GitError'
    this.stderr = stderr
  }
}

/** Settings by which a repository could have a program run or a person asked. */
const overrides = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.sshCommand=false',
  'core.askPass=false',
  'core.pager=cat',
  'core.editor=false',
  'core.gitProxy=',
  'credential.helper=',
  'diff.external=',
  'diff.ignoreSubmodules=all',
  'log.showSignature=false',
  'gpg.program=false',
  'protocol.allow=never',
  'submodule.recurse=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'core.quotePath=false',
].flatMap((setting) => ['-c', setting])

/**
 * @param args the command and its arguments; texts that come from a person follow `--end-of-options`
 * @throws GitError for an exit code that is not expected; an AbortError when `signal` aborts
 */
export async function runGit(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitAnswer> {
  const answer = await collect(place, args, options)
  if ((options.expect ?? [0]).includes(answer.code)) return answer
  const said = answer.stderr.trim() || `it said nothing and ended with ${answer.code}`
  throw new GitError(`git ${args[0]} failed in ${place.folder}: ${said}`, answer.stderr)
}

function collect(
  place: GitPlace,
  args: readonly string[],
  { input, signal, environment, encoding = 'utf8' }: GitOptions,
): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = withPipes(
      spawn('git', [...overrides, ...args], {
        cwd: place.folder,
        env: { ...cleanEnvironment(place), ...environment },
        signal,
      }),
    )
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT'
      const what = missing ? `git or ${place.folder} is missing` : error.message
      reject(
        signal?.aborted ? error : new GitError(`cannot run git: ${what}`, '', { cause: error }),
      )
    })
    child.on('close', (code, killedBy) => {
      const said = Buffer.concat(stderr).toString('utf8')
      if (code === null) reject(new GitError(`git ${args[0]} was ended by ${killedBy}`, said))
      else resolve({ code, stdout: Buffer.concat(stdout).toString(encoding), stderr: said })
    })
    // git may end without reading all; its exit code says what that meant.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input, encoding)
  })
}

/** Where the user's own settings are, and how far to look for a repository. */
const keptVariables = new Set([
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
])

/** Without the variables by which git would be told of another repository; with messages in English. */
function cleanEnvironment({ gitDir, indexFile, folder }: GitPlace): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || keptVariables.has(name),
  )
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    ...(gitDir !== undefined && {
      GIT_DIR: gitDir,
      GIT_WORK_TREE: folder,
      // What the user set up for all repositories has its say through the shadow's own config.
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    }),
    ...(indexFile !== undefined && { GIT_INDEX_FILE: indexFile }),
  }
}

/** Splits what commands with `-z` print; the last field ends with a NUL, too. */
export function splitNul(text: string): string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

/** The names of the folders that results lie in, exactly as buildman gives them (reference, section 4). */
import { type Commit, commitNumber, type ResultLayout } from '../model.ts'

/** What is only ours: run logs, the lock, files on their way. Buildman does not look at it. */
export const OWN_FOLDER = '.slipway'

/** In a board's folder: the record of its build. */
export const OWN_FILE = 'slipway.json'

/** The folder of the current source. */
export const CURRENT = 'current'

/** Name of a commit's folder: `NN_gHASH_SUBJECT`, or `current`; empty where it has none of its own. */
export function commitFolder(commit: Commit, layout: ResultLayout = 'subfolders'): string {
  if (commit.currentSource) return layout === 'subfolders' ? CURRENT : ''
  const number = String(commitNumber(commit)).padStart(2, '0')
  const subject = [...commit.subject.replace(/[/: ]/g, '-')].slice(0, 20).join('')
  return `${number}_g${commit.hash}_${subject}`
}

export type ParsedCommitFolder = {
  readonly name: string
  /** Place in the series, from 1. */
  readonly number: number
  /** May be abbreviated: older tools did so. */
  readonly hash: string
  /** At most 20 characters, with `-` for `/`, `:` and space. */
  readonly subject: string
}

/** Takes a folder's name apart; null for one that is no commit's. */
export function parseCommitFolder(name: string): ParsedCommitFolder | null {
  const match = /^(\d+)_g([0-9a-f]+)_(.*)$/s.exec(name)
  const [, number = '', hash = '', subject = ''] = match ?? []
  return match ? { name, number: Number(number), hash, subject } : null
}

/** Whether a board's name can be a folder's. Names come from a tree, which is not trusted. */
export function isFolderName(name: string): boolean {
  return (
    name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name) && name !== OWN_FOLDER
  )
}

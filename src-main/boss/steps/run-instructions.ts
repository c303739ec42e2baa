import type { BossMessageInput } from '../../../src-worker/protocol/protocol.ts'
import { Refusal } from './attempt-end.ts'
import { beyondBuildman, buildmanSettings } from './buildman-worker.ts'

/** What the workers of a run are told once they run. */
export type RunInstructions = {
  readonly runId: string
  /** `user@host` of this boss. */
  readonly boss: string
  readonly settings: Extract<BossMessageInput, { cmd: 'configure' }>['settings']
  /** Board -> extra make words. */
  readonly makeFlags: Record<string, string[]>
  /** Firmware of others: its commit, and by board what make's variables name of it. */
  readonly blobs: NonNullable<Extract<BossMessageInput, { cmd: 'configure' }>['blobs']>
  /** The boss has a compiler cache for all machines that are near enough. */
  readonly sharesCache: boolean
  readonly commits: (string | null)[]
  /** Boards at once; 0 for what the worker suggests. */
  readonly maxBoards: number
  readonly boardsExpected: number
}

/**
 * What goes into `configure` and `build_prepare`. Throws a Refusal where buildman would build something else.
 *
 * @param isNear a question to the boss costs the machine little
 */
export function wordsFor(
  instructions: RunInstructions,
  features: readonly string[],
  isNear: boolean,
) {
  return features.length > 0
    ? ourWords(instructions, features, isNear)
    : buildmansWords(instructions)
}

function ourWords(instructions: RunInstructions, features: readonly string[], isNear: boolean) {
  const { boss, runId, makeFlags, blobs, boardsExpected, sharesCache } = instructions
  const settings = { ...instructions.settings, shared_cache: sharesCache && isNear }
  if (blobs.commit !== '' && !features.includes('blobs')) {
    throw new Refusal('its worker is older than this program and takes no firmware along')
  }
  const configure = { settings, make_flags: makeFlags, boss, run_id: runId }
  const withBlobs = blobs.commit === '' ? configure : { ...configure, blobs }
  return { configure: withBlobs, prepare: { boards_expected: boardsExpected } }
}

/** Nothing that buildman's own worker does not know. */
function buildmansWords({ settings, makeFlags, blobs }: RunInstructions) {
  const firmware = blobs.commit === '' ? [] : ['firmware (BL31 and the like)']
  const beyond = [...beyondBuildman(settings, makeFlags), ...firmware]
  if (beyond.length > 0) throw new Refusal(`its buildman can't do ${beyond.join(', ')}`)
  return { configure: { settings: buildmanSettings(settings) }, prepare: {} }
}

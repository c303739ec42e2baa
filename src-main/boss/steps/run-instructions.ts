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
  readonly commits: (string | null)[]
  /** Boards at once; 0 for what the worker suggests. */
  readonly maxBoards: number
  readonly boardsExpected: number
}

/** What goes into `configure` and `build_prepare`. Throws a Refusal where buildman would build something else. */
export function wordsFor(instructions: RunInstructions, isOurs: boolean) {
  return isOurs ? ourWords(instructions) : buildmansWords(instructions)
}

function ourWords({ boss, runId, settings, makeFlags, boardsExpected }: RunInstructions) {
  const configure = { settings, make_flags: makeFlags, boss, run_id: runId }
  return { configure, prepare: { boards_expected: boardsExpected } }
}

/** Nothing that buildman's own worker does not know. */
function buildmansWords({ settings, makeFlags }: RunInstructions) {
  const beyond = beyondBuildman(settings, makeFlags)
  if (beyond.length > 0) throw new Refusal(`its buildman can't do ${beyond.join(', ')}`)
  return { configure: { settings: buildmanSettings(settings) }, prepare: {} }
}

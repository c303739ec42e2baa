import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Children } from '../processes/children.ts'
import type { SlotShell } from '../processes/slot-shell.ts'
import type { Environment } from '../tools/environment.ts'

/** What it takes to ask a compiler's own tools about a build. */
export type CollectTools = {
  readonly children: Children
  /** The slot's, and a file of the slot for what is said there. */
  readonly shell: SlotShell
  readonly scratch: string
  /** `CROSS_COMPILE` of binutils: prefix without wrapper. */
  readonly cross: string
  readonly env: Environment
  readonly slot: number
}

/** What is known of a file; null where none is. */
export async function fileThere(path: string): Promise<Stats | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? found : null
}

import { ensureUBootTree } from './u-boot-tree.ts'

/** Vitest's hook before the tests of project `real`: they all read the same tree. */
export async function setup(): Promise<void> {
  await ensureUBootTree()
}

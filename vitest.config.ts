import { defineConfig } from 'vitest/config'

const folders =
  '{src-core,src-main,src-system,src-worker,src-preload,src-renderer,scripts,bench,e2e}'
const integration = `${folders}/**/*.integration.test.ts`
const real = `${folders}/**/*.real.test.ts`

/** How long something may take to come about: a busy machine is slow at everything. */
const patient = { poll: { timeout: 120_000 } }

/**
 * Three projects: `unit` stands beside its source and is quick; `integration`
 * (`*.integration.test.ts`) drives whole programs (sshd, git over ssh, make) and may take its time;
 * `real` (`*.real.test.ts`) needs the U-Boot tree and cross compilers of `e2e/real`.
 *
 * The limits are for what hangs. They are so long because a busy machine is ten times as slow.
 */
export default defineConfig({
  test: {
    // Most tests wait for programs that they started: a core more than vitest would take pays.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          include: [`${folders}/**/*.test.{ts,tsx}`],
          exclude: [integration, real],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'real',
          expect: patient,
          include: [real],
          globalSetup: 'e2e/real/global-setup.ts',
          // One file's builds keep all cores busy.
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'integration',
          expect: patient,
          include: [integration],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})

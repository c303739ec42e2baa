import { defineConfig } from 'vitest/config'

const folders = '{src-main,src-worker,src-preload,src-renderer,scripts,bench,e2e}'
const integration = `${folders}/**/*.integration.test.ts`

/**
 * Two projects: `unit` stands beside its source and is quick; `integration` (`*.integration.test.ts`)
 * drives whole programs (sshd, git over ssh, make) and may take its time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${folders}/**/*.test.{ts,tsx}`],
          exclude: [integration],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: [integration],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

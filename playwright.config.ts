import { defineConfig } from '@playwright/test'

const packaged = '**/packages/*.spec.ts'
const pictures = '**/pictures.spec.ts'
const real = '**/real/*.spec.ts'

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  projects: [
    { name: 'window', testMatch: '**/*.spec.ts', testIgnore: [packaged, pictures, real] },
    // What `npm run package` made.
    { name: 'packaged', testMatch: packaged },
    // Needs the U-Boot tree and cross compilers of `e2e/real`.
    { name: 'real', testMatch: real },
    // Takes the pictures of the docs: `npm run pictures`.
    { name: 'pictures', testMatch: pictures },
  ],
  // Limits are for what hangs; a busy machine is ten times as slow.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  // Two cores: one window at a time, beside what it builds.
  workers: 1,
  forbidOnly: true,
  // scripts/test.mjs says where to; it counts the tests from there.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : 'list',
})

import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Two cores: one window at a time, beside what it builds.
  workers: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'out/test-reports/e2e.json' }]],
})

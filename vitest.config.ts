import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/one-postgres.ts'],
    // On two cores: a file in three waits for sound, for a browser or for a clock.
    maxWorkers: 3,
    // A worker reads the server and the dictionaries once, not for each file: a third of the processor's time.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})

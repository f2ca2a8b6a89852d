import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{server,shared,uploader,web,tools,tests}/**/*.test.{ts,tsx}'],
    // What takes minutes of waiting by its nature is left to `npm run test:long`.
    exclude: ['**/node_modules/**', ...(process.env.MATINEE_TEST_LONG === '1' ? [] : ['**/*.long.test.ts'])],
    setupFiles: ['server/testing/no-leaks.ts'],
    isolate: false,
    pool: 'forks',
    // Much of the time is waiting: for parts to start, for states to come. A second file uses it.
    maxWorkers: Math.min(2, availableParallelism()),
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A state comes when it comes, on any machine; what never comes fails all the same.
    expect: { poll: { timeout: 60_000 } },
    allowOnly: false,
  },
})

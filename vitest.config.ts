import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{server,shared,uploader,web,tools,tests}/**/*.test.{ts,tsx}'],
    setupFiles: ['server/testing/no-leaks.ts'],
    isolate: false,
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
  },
})

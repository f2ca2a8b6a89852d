import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{server,shared,uploader,web,tools,tests}/**/*.test.{ts,tsx}'],
    setupFiles: ['server/testing/no-leaks.ts'],
    isolate: false,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A state comes when it comes, on any machine; what never comes fails all the same.
    expect: { poll: { timeout: 20_000 } },
    allowOnly: false,
  },
})

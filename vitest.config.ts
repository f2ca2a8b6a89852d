import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{server,shared,uploader,web,tools,tests}/**/*.test.{ts,tsx}'],
    isolate: false,
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

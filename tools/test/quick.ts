/**
 * What `npm run test:embedded` leaves out, for it should end before one has forgotten why one began: whatever kills processes, waits for clocks, makes
 * films or looks at the whole program. `npm test` has all of it.
 */
export const leftOut = [
  'tests/**',
  'tools/**',
  'server/cli/*.test.ts',
  'server/media/{exact,run/*,original/packaging}.test.ts',
  'server/features/{streaming,transcoding}/*.test.ts',
  'server/jobs/{crashes,timers}.test.ts',
  'server/realtime/{bad-days,slow-lines,hostile-clients}.test.ts',
  'server/adapters/database/backup.test.ts',
  'server/adapters/database/sqlite/*-{faults,migrations}.test.ts',
  'server/adapters/queue/*.test.ts',
  'server/http/operations.test.ts',
  'server/packed.test.ts',
  'uploader/{upload,real-server}.test.ts',
]

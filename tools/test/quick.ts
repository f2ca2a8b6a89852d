/**
 * What `npm run test:embedded` leaves out, for it should end before one has forgotten why one began: whatever kills processes, waits for clocks, makes
 * films, fills disks, throws dice at length or looks at the whole program. `npm test` has all of it.
 */
export const leftOut = [
  'tests/**',
  'tools/**',
  'server/cli/*.test.ts',
  'server/media/{exact,hostile,joints,pictures/*,run/*,original/*}.test.ts',
  'server/features/{streaming,transcoding,storage}/*.test.ts',
  'server/features/uploads/{attacks,bad-targets,disk-full,odd-clients,power}.test.ts',
  'server/jobs/{batch-chore,crashes,timers}.test.ts',
  'server/realtime/{bad-days,slow-lines,hostile-clients,logs}.test.ts',
  'server/adapters/blobs/disk-full.test.ts',
  'server/adapters/database/backup.test.ts',
  'server/adapters/database/sqlite/*-{faults,migrations}.test.ts',
  'server/adapters/queue/*.test.ts',
  'server/http/operations.test.ts',
  'server/lib/gcra.test.ts',
  'server/roles/*.test.ts',
  'server/packed.test.ts',
  'uploader/{upload,real-server}.test.ts',
  'web/features/making/upload/desk.test.ts',
]

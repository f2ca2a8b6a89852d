import type { TaskRow } from '#server/features/uploads/store.ts'

/** What a program did, in the order in which it was done. A row is durable when its commit ends; of files only what was synced is. */
export type DiskAct =
  | { act: 'make'; path: string; is: 'file' | 'folder' }
  | { act: 'write'; path: string; at: number; data: string }
  | { act: 'truncate'; path: string; size: number }
  | { act: 'link'; path: string; from: string }
  | { act: 'remove'; path: string }
  | { act: 'sync begins' | 'sync ends'; path: string; number: string }
  | { act: 'commit begins' | 'commit ends'; number: number; row: TaskRow }
  /** Somebody was answered. */
  | { act: 'told'; told: 'opened' | 'held' | 'stored'; id: number; start?: number; end?: number }

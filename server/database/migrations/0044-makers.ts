import { ms, text } from '../schema/column.ts'
import { addColumn } from '../schema/step.ts'
import type { Migration } from './migration.ts'

/** See server/features/transcoding/makers.ts. */
export const migration: Migration = {
  name: '0044-makers',
  steps: [
    addColumn('video_plan', 'maker', text(100).null().about('the version of FFmpeg that makes it; null: any')),
    addColumn(
      'video_plan',
      'stranded_ms',
      ms().null().about('since when only workers of other versions were asked to go on; null: not so'),
    ),
  ],
}

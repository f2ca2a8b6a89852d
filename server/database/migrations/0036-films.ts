import { flag, int, json, ms, text } from '../schema/column.ts'
import { addColumn, addIndex } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0036-films',
  steps: [
    addColumn('video', 'own_chapters', json().null().about('as the owner wrote them; null: those of the file hold')),
    addColumn('video', 'marks', json().null().about('trim, intro and credits')),
    addColumn('video', 'people', json().null().about('who stands before or behind the camera')),
    addColumn('video', 'year', int().null()),
    addColumn('video', 'is_downloadable', flag().default(0)),
    addColumn('video', 'embedding', text(10).default('everybody').about('which sites may show it in a frame: nobody, listed, everybody')),
    addColumn('video', 'embed_sites', json().null()),
    addColumn('video', 'blocked_words', json().null().about('a comment with one of these waits for review')),
    addColumn('video', 'held_visibility', text(10).null().about('hidden by moderators: what its visibility was')),
    addColumn('video', 'gone_ms', ms().null().about('thrown away: when its files go, and there is no way back')),
    addColumn('video', 'featured_ms', ms().null().about('since when the house shows it first')),
    addIndex('video', 'gone_ms'),
    addIndex('video', 'featured_ms'),
  ],
}

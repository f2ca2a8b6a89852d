import { demand, may } from '#server/lib/may.ts'
import type { ByteRanges } from '#server/lib/byte-ranges.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import { noSuchVideo } from './errors.ts'
import type { RecentRows } from './recent-rows.ts'
import type { Growth, OwedTask, Source, VideoRow, VideoStore } from './store.ts'
import type { Told } from './told.ts'
import { toThing } from './view.ts'

export type VideoService = ReturnType<typeof createVideoService>

/** Bytes of a source that is still on its way, where they lie on this machine: those that are held never change. */
export type GrowingSource = { videoId: string; blob: string; path: string; size: number; held: ByteRanges }

/** What a downstream feature has to do for a new source: committed together with it. */
type OnSource = (source: Source & { generation: number }) => OwedTask

/** How the making of a film went; what follows from it is committed together with it. */
export type Outcome = { videoId: string; generation: number; ownerId: string; state: 'playable' | 'ready' | 'failed' }
type OnOutcome = (outcome: Outcome) => readonly OwedTask[]

type Parts = {
  store: VideoStore
  recent: Pick<RecentRows, 'find'>
  clock: Clock
  newId: () => string
  told: Pick<Told, 'changed' | 'grew'>
}

export function createVideoService({ store, recent, clock, newId, told }: Parts) {
  const onSource: OnSource[] = []
  const onOutcome: OnOutcome[] = []
  const onGrowing: ((source: GrowingSource) => void)[] = []
  const onEnded: ((videoId: string) => Promise<void>)[] = []
  type IsUnlocked = (row: VideoRow) => boolean

  function seen(viewer: Viewer, row: VideoRow | undefined, isUnlocked?: IsUnlocked): VideoRow {
    if (!row || !may(viewer, 'video.see', toThing(row, clock.now(), isUnlocked?.(row)))) throw noSuchVideo()
    return row
  }
  const see = async (viewer: Viewer, videoId: string, isUnlocked?: IsUnlocked): Promise<VideoRow> =>
    seen(viewer, await store.find(videoId), isUnlocked)

  return {
    see,

    /** The same, for what is asked for many times a second: whether they may by what is known of it since half a second at most. */
    seeOften: async (viewer: Viewer, videoId: string, isUnlocked?: IsUnlocked): Promise<VideoRow> =>
      seen(viewer, await recent.find(videoId), isUnlocked),

    /** Undefined where it is not there for this viewer. */
    async find(viewer: Viewer, videoId: string): Promise<VideoRow | undefined> {
      const row = await store.find(videoId)
      return row && may(viewer, 'video.see', toThing(row, clock.now())) ? row : undefined
    },

    /** Those of these that are there for this viewer. */
    async seeMany(viewer: Viewer, ids: readonly string[]): Promise<Map<string, VideoRow>> {
      const rows = await store.some(ids)
      return new Map(rows.flatMap((row) => (may(viewer, 'video.see', toThing(row, clock.now())) ? [[row.id, row]] : [])))
    },

    /** Which other sites may show it in a frame, whoever looks; undefined where there is no such film. */
    async embeddingOf(videoId: string): Promise<{ embedding: VideoRow['embedding']; sites: string[] } | undefined> {
      const row = await store.find(videoId)
      return row && { embedding: row.embedding, sites: row.embed_sites === null ? [] : (JSON.parse(row.embed_sites) as string[]) }
    },

    onSource: (owed: OnSource) => void onSource.push(owed),
    onOutcome: (owed: OnOutcome) => void onOutcome.push(owed),
    onGrowing: (heard: (source: GrowingSource) => void) => void onGrowing.push(heard),
    /** An upload was given up: what was made of it goes. */
    onEnded: (also: (videoId: string) => Promise<void>) => void onEnded.push(also),

    /** Told with each block; nobody waits for whoever hears it. */
    sourceGrowing(source: GrowingSource): void {
      for (const heard of onGrowing) heard(source)
    },

    sourceDropped: (videoId: string, generation: number): Promise<void> => store.dropSource(videoId, generation),

    /** What was made under this generation is not what will come: the next source gets another. */
    skipGeneration: (videoId: string, generation: number): Promise<void> => store.skipGeneration(videoId, generation),

    /** For whoever may see it and has the owner's right over it. */
    async change(viewer: Viewer, videoId: string): Promise<VideoRow> {
      const row = await see(viewer, videoId)
      demand(viewer, 'video.change', toThing(row, clock.now()))
      return row
    },

    /** Private until its owner says otherwise. */
    async createDraft(ownerId: string, draft: { title: string; fileName?: string; description?: string }): Promise<string> {
      const { title, fileName, description = '' } = draft
      const id = newId()
      await store.add({ id, ownerId, title, description, fileName: fileName ?? null, nowMs: clock.now() })
      return id
    },

    /** What it was made for came to nothing, and nobody has heard of it. */
    dropDraft: (videoId: string): Promise<void> => store.dropDraft(videoId),

    /** A film that plays goes on playing while another source for it arrives. */
    async uploadBegan(videoId: string, { fileName }: { fileName: string; size: number }): Promise<void> {
      await store.move(videoId, ['draft', 'failed'], { state: 'uploading', file_name: fileName, updated_ms: clock.now() })
      await told.grew(videoId)
    },

    async uploadEnded(videoId: string): Promise<void> {
      for (const also of onEnded) await also(videoId)
      await store.move(videoId, ['uploading'], { state: 'draft', updated_ms: clock.now() })
      await told.grew(videoId)
    },

    /** May be told twice. Answers the generation of this source. */
    async sourceArrived(source: Source): Promise<number> {
      const owed = (generation: number) => onSource.map((owes) => owes({ ...source, generation }))
      const generation = await store.putSource(source, clock.now(), owed)
      if (generation === undefined) throw noSuchVideo()
      await told.changed(source.videoId)
      await told.grew(source.videoId)
      return generation
    },

    /** The same source once more, under a new generation: everything is made anew. */
    async sourceAgain(videoId: string): Promise<number> {
      const row = await store.find(videoId)
      if (!row || row.source_blob === null) throw noSuchVideo()
      const { source_blob: blob, source_size: size, source_type: type, source_sha256: sha256, file_name: fileName } = row
      const source = { videoId, blob, size: size ?? 0, type: type ?? '', sha256: sha256 ?? '', fileName: fileName ?? '' }
      const owed = (generation: number) => onSource.map((owes) => owes({ ...source, generation }))
      const generation = await store.putSource({ ...source, isAgain: true }, clock.now(), owed)
      if (generation === undefined) throw noSuchVideo()
      return generation
    },

    /** False: it was told of a source that has been replaced, or of a video that is gone. */
    async grew(growth: Growth): Promise<boolean> {
      const { videoId, generation, state } = growth
      const row = state === undefined || state === 'processing' ? undefined : await store.find(videoId)
      const isNews = row !== undefined && state !== undefined && state !== 'processing' && row.state !== state
      const owed = isNews ? onOutcome.flatMap((owes) => owes({ videoId, generation, ownerId: row.owner_id, state })) : []
      const isPresent = await store.grow(growth, clock.now(), owed)
      if (!isPresent) return false
      if (growth.state !== undefined || growth.facts !== undefined) await told.changed(growth.videoId)
      await told.grew(growth.videoId)
      return true
    },
  }
}

import { buffer } from 'node:stream/consumers'
import type { Transcoding } from '#server/features/transcoding/index.ts'
import type { Videos } from '#server/features/videos/index.ts'
import type { Subtitles } from '#server/media/playlist/master-playlist.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { TextList } from '#shared/api/films.ts'
import type { Asker } from './asker.ts'
import { notThere } from './errors.ts'

export type BesidesParts = {
  videos: Pick<Videos, 'seeUnlocked'>
  transcoding: Pick<Transcoding, 'besides' | 'findFilm'>
  blobs: Pick<Blobs, 'find' | 'read'>
}
export type Besides = ReturnType<typeof createBesides>
export type Kept = { bytes: Uint8Array; isPublic: boolean }

const widths = [320, 640, 1280] as const
export type PictureFormat = 'avif' | 'webp' | 'jpg'

/** What is shown and read besides a film's rows. Each of it asks who may see the film. */
export function createBesides({ videos, transcoding, blobs }: BesidesParts) {
  const { besides } = transcoding
  const see = ({ viewer, cookie }: Asker, vid: string) => videos.seeUnlocked(viewer, vid, cookie)

  async function readKept(name: string, visibility: string): Promise<Kept> {
    if (!(await blobs.find(name))) throw notThere()
    return { bytes: await buffer(blobs.read(name)), isPublic: visibility === 'public' }
  }

  return {
    async poster(asker: Asker, vid: string, { format, width = 640 }: { format: PictureFormat; width?: number | undefined }): Promise<Kept> {
      const { generation, visibility } = await see(asker, vid)
      const key = { videoId: vid, generation }
      const { poster } = await besides.pictures(key)
      if (!poster) throw notThere()
      const [nearest = 640] = [...widths].sort((a, b) => Math.abs(a - width) - Math.abs(b - width))
      return await readKept(besides.posterName(poster.isOwn ? { ...key, generation: 0 } : key, poster.stamp, nearest, format), visibility)
    },

    async storyboard(asker: Asker, vid: string): Promise<string> {
      const { generation } = await see(asker, vid)
      const key = { videoId: vid, generation }
      const film = await transcoding.findFilm(key)
      const text = film && (await besides.pictures(key)).sheets !== undefined ? besides.storyboardOf(film, generation) : undefined
      if (text === undefined) throw notThere()
      return text
    },

    async sheet(asker: Asker, vid: string, { generation, sheet }: { generation: number; sheet: number }): Promise<Kept> {
      const { visibility } = await see(asker, vid)
      return await readKept(besides.sheetName({ videoId: vid, generation }, sheet), visibility)
    },

    async preview(asker: Asker, vid: string): Promise<Kept> {
      const { generation, visibility } = await see(asker, vid)
      return await readKept(besides.previewName({ videoId: vid, generation }), visibility)
    },

    async listTexts(asker: Asker, vid: string): Promise<TextList> {
      const { generation } = await see(asker, vid)
      const rows = await besides.texts({ videoId: vid, generation })
      return { items: rows.map(({ id, language, label, kind }) => ({ id, language, label, kind })) }
    },

    async text(asker: Asker, vid: string, { generation, id }: { generation: number; id: string }): Promise<Kept> {
      const { visibility } = await see(asker, vid)
      const row = (await besides.texts({ videoId: vid, generation })).find((one) => one.id === id)
      if (!row?.blob) throw notThere()
      return await readKept(row.blob, visibility)
    },

    /** A playlist of one part: the whole text. */
    async textPlaylist(asker: Asker, vid: string, { generation, id }: { generation: number; id: string }): Promise<string> {
      const { duration_ms: durationMs } = await see(asker, vid)
      const row = (await besides.texts({ videoId: vid, generation })).find((one) => one.id === id)
      if (!row?.blob) throw notThere()
      const lengthS = Math.max(1, (durationMs ?? 1000) / 1000)
      return [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        `#EXT-X-TARGETDURATION:${Math.ceil(lengthS)}`,
        '#EXT-X-MEDIA-SEQUENCE:0',
        '#EXT-X-PLAYLIST-TYPE:VOD',
        `#EXTINF:${lengthS.toFixed(3)},`,
        `${id}.vtt`,
        '#EXT-X-ENDLIST',
        '',
      ].join('\n')
    },
  }
}

/** As players list them: names within a playlist are unique. */
export async function subtitlesOf(
  transcoding: BesidesParts['transcoding'],
  key: { videoId: string; generation: number },
): Promise<Subtitles[]> {
  const rows = (await transcoding.besides.texts(key)).filter(({ blob }) => blob !== null)
  const names = new Map<string, number>()
  return rows.map(({ id, label, language, is_forced: isForced }) => {
    const count = (names.get(label) ?? 0) + 1
    names.set(label, count)
    const name = count === 1 ? label : `${label} ${count}`
    return { uri: `${key.generation}/texts/${id}.m3u8`, name, language, isDefault: false, isForced: isForced === 1 }
  })
}

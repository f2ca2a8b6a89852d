import { declaredBandwidth } from '#server/media/plan/ladder.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import { masterPlaylist, soundOnlyPlaylist } from '#server/media/playlist/master-playlist.ts'
import { audioLengths, mediaPlaylist, videoLengths } from '#server/media/playlist/media-playlist.ts'

/** All rows of a film. `codecs` by the name of the row. */
export function masterOf(plan: Plan, generation: number, codecs: ReadonlyMap<string, string>): string {
  const uri = (row: string) => `${generation}/${row}.m3u8`
  const sounds = plan.audio.map((row) => {
    const { language, channels, isDefault } = row
    return { uri: uri(row.name), name: row.title === '' ? language : row.title, language, channels, isDefault }
  })
  const { video } = plan
  const [sound] = sounds
  if (!video && sound) return soundOnlyPlaylist({ ...sound, bandwidth: (plan.audio[0]?.bitRate ?? 0) * 1.1, codec: 'mp4a.40.2' })
  const loudest = Math.max(0, ...plan.audio.map(({ bitRate }) => bitRate))
  const variants = (video?.rows ?? []).map((row) => ({
    uri: uri(row.name),
    bandwidth: declaredBandwidth(row.maxRate) + loudest,
    codecs: [codecs.get(row.name) ?? 'avc1.640028'],
    width: row.width,
    height: row.height,
    rate: video?.rate ?? { num: 25, den: 1 },
  }))
  return masterPlaylist({ variants, sounds, subtitles: [], soundCodec: 'mp4a.40.2' })
}

/** Undefined where the film has no such row. */
export function mediaOf({ video, audio }: Plan, row: string): string | undefined {
  const sound = audio.find(({ name }) => name === row)
  if (sound) return mediaPlaylist(row, audioLengths(sound))
  return video?.rows.some(({ name }) => name === row) ? mediaPlaylist(row, videoLengths(video)) : undefined
}

import { videoSeconds } from '#server/media/plan/cells.ts'
import { declaredBandwidth } from '#server/media/plan/ladder.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import type { Original, OriginalRow } from '#server/media/original/read-original.ts'
import { masterPlaylist, soundOnlyPlaylist, type Subtitles, type Variant } from '#server/media/playlist/master-playlist.ts'
import { audioLengths, mediaPlaylist, videoLengths } from '#server/media/playlist/media-playlist.ts'

export type FilmRows = {
  plan: Plan
  generation: number
  /** By the name of the row. */
  codecs: ReadonlyMap<string, string>
  original: Original | undefined
  subtitles: readonly Subtitles[]
}

/** All rows of a film; the original first, where players can change to and from it without a seam. */
export function masterOf(film: FilmRows): string {
  const { plan, codecs, subtitles } = film
  const sounds = soundsOf(film)
  const { video } = plan
  const [sound] = sounds
  if (!video && sound) return soundOnlyPlaylist({ ...sound, bandwidth: (plan.audio[0]?.bitRate ?? 0) * 1.1, codec: 'mp4a.40.2' })
  const loudest = Math.max(0, ...plan.audio.map(({ bitRate }) => bitRate))
  const made = (video?.rows ?? []).map((row) => ({
    uri: uriOf(film, row.name),
    bandwidth: declaredBandwidth(row.maxRate) + loudest,
    codecs: [codecs.get(row.name) ?? 'avc1.640028'],
    width: row.width,
    height: row.height,
    rate: video?.rate ?? { num: 25, den: 1 },
  }))
  const picture = film.original?.picture
  const variants = picture && isSeamless(picture, plan) ? [variantOf(film, picture, loudest), ...made] : made
  return masterPlaylist({ variants, sounds, subtitles, soundCodec: 'mp4a.40.2' })
}

/** The source as it is. Its own sound, or ours where no browser plays that. Undefined: browsers play nothing of it. */
export function originalOf(film: Omit<FilmRows, 'plan'> & { original: Original; plan: Plan | undefined }): string | undefined {
  const { original, plan, subtitles } = film
  const own = original.sounds.filter(({ isUniversal }) => isUniversal)
  const isOwn = own.length > 0 && own.length === original.sounds.length && !original.hasOtherSounds
  const sounds = isOwn ? own.map((row, place) => soundOf(film, row, place === 0)) : plan ? soundsOf({ ...film, plan }) : []
  const soundCodec = isOwn ? (own[0]?.codec ?? '') : 'mp4a.40.2'
  const loudest = isOwn ? Math.max(...own.map(({ bandwidth }) => bandwidth)) : 160_000
  const [sound] = sounds
  const { picture } = original
  if (picture) return masterPlaylist({ variants: [variantOf(film, picture, sound ? loudest : 0)], sounds, subtitles, soundCodec })
  return sound && isOwn ? soundOnlyPlaylist({ ...sound, bandwidth: loudest, codec: soundCodec }) : undefined
}

const uriOf = ({ generation }: Pick<FilmRows, 'generation'>, row: string) => `${generation}/${row}.m3u8`

const soundsOf = (film: Pick<FilmRows, 'plan' | 'generation'>) =>
  film.plan.audio.map(({ name, title, language, channels, isDefault }) => ({
    uri: uriOf(film, name),
    name: title === '' ? language : title,
    language,
    channels: channels as number,
    isDefault,
  }))

const soundOf = (film: Pick<FilmRows, 'generation'>, { name, language }: OriginalRow, isDefault: boolean) => ({
  uri: uriOf(film, name),
  name: `${language} ${name.slice(1)}`,
  language,
  channels: 2,
  isDefault,
})

const variantOf = (film: Pick<FilmRows, 'generation'>, picture: OriginalRow, loudest: number): Variant => ({
  uri: uriOf(film, picture.name),
  bandwidth: picture.bandwidth + loudest,
  averageBandwidth: picture.averageBandwidth + loudest,
  codecs: [picture.codec],
  width: picture.width,
  height: picture.height,
  rate: { num: Math.round(picture.rate * 1000), den: 1000 },
})

/** Its segments begin where the cells of the other rows do, to the frame, and every browser shows it as they would. */
function isSeamless(picture: OriginalRow, { video }: Plan): boolean {
  if (!video || !picture.isUniversal || video.isInterlaced || video.tone !== 'sdr') return false
  const lengths = videoLengths(video)
  const frameS = videoSeconds(video, 1)
  if (lengths.length !== picture.lengths.length) return false
  let drift = 0
  return lengths.slice(0, -1).every((length, cell) => {
    drift += length - (picture.lengths[cell] ?? 0)
    return Math.abs(drift) < frameS / 2
  })
}

/** Undefined where the film has no such row. */
export function mediaOf({ video, audio }: Plan, row: string): string | undefined {
  const sound = audio.find(({ name }) => name === row)
  if (sound) return mediaPlaylist(row, audioLengths(sound))
  return video?.rows.some(({ name }) => name === row) ? mediaPlaylist(row, videoLengths(video)) : undefined
}

/** Rows that are cut out of the original as it is. */
export const isOriginalRow = (row: string): boolean => /^[os]\d+$/.test(row)

export function originalMediaOf({ picture, sounds }: Original, name: string): string | undefined {
  const row = [...(picture ? [picture] : []), ...sounds].find((one) => one.name === name)
  return row && mediaPlaylist(row.name, row.lengths)
}

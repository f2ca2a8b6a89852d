import { perSecond, type Rate } from '../plan/rate.ts'

export type Variant = {
  uri: string
  bandwidth: number
  averageBandwidth?: number
  codecs: readonly string[]
  width: number
  height: number
  rate: Rate
}
export type Sound = { uri: string; name: string; language: string; channels: number; isDefault: boolean }
export type Subtitles = { uri: string; name: string; language: string; isDefault: boolean; isForced: boolean }
export type Master = { variants: readonly Variant[]; sounds: readonly Sound[]; subtitles: readonly Subtitles[]; soundCodec: string }

/** The playlist that names all rows, best first after the lowest: players begin with the first that they believe their line bears. */
export function masterPlaylist(master: Master): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  const groups = [...(master.sounds.length > 0 ? ['AUDIO="sound"'] : []), ...(master.subtitles.length > 0 ? ['SUBTITLES="texts"'] : [])]
  for (const sound of master.sounds) {
    lines.push(media('AUDIO', 'sound', sound, `AUTOSELECT=YES,CHANNELS="${sound.channels}"`))
  }
  for (const text of master.subtitles) {
    lines.push(media('SUBTITLES', 'texts', text, `AUTOSELECT=YES,FORCED=${text.isForced ? 'YES' : 'NO'}`))
  }
  const soundCodecs = master.sounds.length > 0 ? [master.soundCodec] : []
  for (const variant of master.variants) lines.push(streamInf(variant, [...variant.codecs, ...soundCodecs], groups), variant.uri)
  return `${lines.join('\n')}\n`
}

/** Sound alone: its row is the variant. */
export function soundOnlyPlaylist(sound: Sound & { bandwidth: number; codec: string }): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-STREAM-INF:BANDWIDTH=${sound.bandwidth},CODECS="${sound.codec}"`,
    sound.uri,
    '',
  ].join('\n')
}

function media(
  type: string,
  group: string,
  row: { uri: string; name: string; language: string; isDefault: boolean },
  more: string,
): string {
  const language = row.language === 'und' ? '' : `LANGUAGE="${row.language}",`
  return `#EXT-X-MEDIA:TYPE=${type},GROUP-ID="${group}",NAME="${quoted(row.name)}",${language}DEFAULT=${row.isDefault ? 'YES' : 'NO'},${more},URI="${row.uri}"`
}

function streamInf(variant: Variant, codecs: readonly string[], groups: readonly string[]): string {
  return `#EXT-X-STREAM-INF:${[
    `BANDWIDTH=${variant.bandwidth}`,
    ...(variant.averageBandwidth === undefined ? [] : [`AVERAGE-BANDWIDTH=${variant.averageBandwidth}`]),
    `CODECS="${codecs.join(',')}"`,
    `RESOLUTION=${variant.width}x${variant.height}`,
    `FRAME-RATE=${perSecond(variant.rate).toFixed(3)}`,
    ...groups,
  ].join(',')}`
}

/** A quoted string of a playlist has neither quotes nor line breaks: the words come from strangers' files. */
const quoted = (text: string) =>
  text
    .replace(/["\r\n\\\p{Cc}]/gu, ' ')
    .slice(0, 100)
    .trim() || '-'

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFilmStage } from '../../../server/testing/film-stage.ts'
import { ffmpeg } from '../../../server/testing/films.ts'
import { namesIn } from '../../../server/testing/playlist-rules.ts'

const patienceMs = 60_000

export type House = Awaited<ReturnType<typeof openHouse>>

/** A whole Matinee that answers over HTTP, as players meet it. */
export async function openHouse() {
  const stage = await openFilmStage('embedded', { set: { 'limits.requestsPerMinute': '100000000', 'limits.streamsPerPerson': '10000' } })
  const url = await stage.matinee.url()
  const headers = { authorization: `Bearer ${stage.visitor.token}` }
  const get = (place: string) => fetch(`${url}/stream/${place}`, { headers })
  return {
    stage,
    get,
    /** Asks until it is there; the bytes of what came. */
    async insist(place: string): Promise<Uint8Array> {
      const untilMs = performance.now() + patienceMs
      for (;;) {
        const answer = await get(place)
        const bytes = new Uint8Array(await answer.arrayBuffer())
        if (answer.status === 200) return bytes
        if (performance.now() > untilMs || (answer.status !== 503 && answer.status !== 404))
          throw new Error(`${place} answered ${answer.status}`)
        await sleep(10)
      }
    },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

/** The same seconds again and again, without encoding: as long as wanted. */
export async function lengthened(clip: string, times: number, path: string): Promise<string> {
  await ffmpeg(['-v', 'error', '-y', '-stream_loop', String(times - 1), '-i', clip, '-map', '0', '-c', 'copy', path])
  return path
}

/** From the moment the last byte is there to the first segment of pictures and of sound in a player's hands, ms. */
export async function firstPlayableMs(house: House, path: string, kind: 'as it is' | 'encoded'): Promise<number> {
  const { stage, insist } = house
  const videoId = await stage.videos.createDraft(stage.visitor.id, { title: 'A film' })
  const blob = `sources/${videoId}/1`
  await stage.matinee.features.blobs.local?.adopt(path, blob)
  const { size } = await stat(stage.matinee.features.blobs.local?.pathOf(blob) ?? '')
  const source = { videoId, blob, size, type: 'video/mp4', sha256: videoId.padEnd(64, '0'), fileName: 'film.mp4' }
  const beganMs = performance.now()
  await stage.videos.sourceArrived(source)
  const master = new TextDecoder().decode(await insist(`${videoId}/${kind === 'as it is' ? 'original' : 'master'}.m3u8`))
  const names = namesIn(master)
  const picture = names.find((name) => (kind === 'as it is' ? /\/o0[.]m3u8/ : /\/v360[.]m3u8/).test(name)) ?? names.at(-1) ?? ''
  const sound = names.find((name) => (kind === 'as it is' ? /\/[as]\d[.]m3u8/ : /\/a0[.]m3u8/).test(name))
  await Promise.all(
    [picture, ...(sound ? [sound] : [])].map(async (name) => {
      const list = new TextDecoder().decode(await insist(`${videoId}/${name}`))
      const folder = `${videoId}/${name.replace(/[^/]+$/, '')}`
      const [init = ''] = /URI="([^"]+)"/.exec(list)?.slice(1) ?? []
      const [first = ''] = namesIn(list)
      await Promise.all([insist(`${folder}${init}`), insist(`${folder}${first}`)])
    }),
  )
  const tookMs = performance.now() - beganMs
  await house.stage.matinee.features.blobs.delete([blob])
  return tookMs
}

/** One plain FFmpeg that makes that segment, with its sound at once where it is wanted. */
export async function plainSegmentMs(
  source: string,
  { atS, folder, sound }: { atS: number; folder: string; sound: boolean },
): Promise<number> {
  const beganMs = performance.now()
  const words = [
    '-v',
    'error',
    '-y',
    ...(atS > 0 ? ['-ss', String(atS)] : []),
    '-i',
    source,
    '-t',
    '4',
    '-vf',
    'scale=640:360,format=yuv420p',
  ]
  const video = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '22', '-maxrate', '800k', '-bufsize', '1600k']
  await ffmpeg([...words, ...video, ...(sound ? ['-c:a', 'aac', '-b:a', '160k', '-ac', '2'] : ['-an']), join(folder, 'plain.mp4')])
  return performance.now() - beganMs
}

import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { openFilmStage } from '../../../server/testing/film-stage.ts'
import { makeFilm } from '../../../server/testing/films.ts'
import { namesIn } from '../../../server/testing/playlist-rules.ts'

/** A whole Matinee with one noisy film, all of whose cells are made. Says where it listens, then waits. */
const stage = await openFilmStage('embedded', {
  set: {
    'limits.requestsPerMinute': '100000000',
    'limits.streams': '100000',
    'limits.streamsPerPerson': '100000',
    'http.maxConnectionsPerAddress': '4000',
  },
})
const url = await stage.matinee.url()
const headers = { authorization: `Bearer ${stage.visitor.token}` }
const noisy = ['-vf', 'scale=1920:1080:flags=neighbor,noise=alls=24:allf=t,format=yuv420p']
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-b:v', '12M', '-c:a', 'aac']
const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 200, rate: '25', filters: noisy, output })
const { videoId } = await stage.arrive(path)
const get = (place: string) => fetch(`${url}/stream/${videoId}/${place}`, { headers })

const again = async (place: string): Promise<Response> => {
  for (;;) {
    const answer = await get(place)
    if (answer.status === 200) return answer
    await answer.arrayBuffer()
    await sleep(200)
  }
}
const rows = namesIn(await (await again('master.m3u8')).text())
for (const row of rows)
  for (const name of namesIn(await (await again(row)).text())) await (await again(`${row.replace(/[^/]+$/, '')}${name}`)).arrayBuffer()
// Nothing is left to do behind the viewers.
for (;;) {
  const video = await stage.videos.see(stage.owner, videoId)
  if (video.cells_done === video.cells_planned) break
  await sleep(200)
}
console.log(
  `ready ${JSON.stringify({ port: Number(new URL(url).port), path: `/stream/${videoId}/1/v1080`, token: stage.visitor.token, videoId })}`,
)
process.once('SIGTERM', () => void stage[Symbol.asyncDispose]().finally(() => process.exit(0)))
await new Promise(() => {})

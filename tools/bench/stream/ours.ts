import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { openFilmStage } from '../../../server/testing/film-stage.ts'
import { makeFilm } from '../../../server/testing/films.ts'
import { namesIn } from '../../../server/testing/playlist-rules.ts'

/** A whole Matinee with one noisy film, whose best row is made; `front`: one whose bytes Nginx sends. Says where it listens, then waits. */
const isBehind = process.argv[2] === 'front'
const stage = await openFilmStage('embedded', {
  set: {
    ...(isBehind ? { 'http.internalRedirects': 'true' } : {}),
    'transcoding.policy': 'lazy',
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
const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 100, rate: '25', filters: noisy, output })
const { videoId } = await stage.arrive(path)
const get = (place: string) => fetch(`${url}/stream/${videoId}/${place}`, { headers })

const again = async (place: string): Promise<Response> => {
  for (;;) {
    const answer = await get(place)
    if (answer.status === 200) return answer
    if (answer.status !== 503) throw new Error(`${place} answered ${answer.status}`)
    await answer.arrayBuffer()
    await sleep(200)
  }
}
// The row that is asked for, and no other: what nobody watches is not made.
await again('master.m3u8')
for (const name of namesIn(await (await again('1/v1080.m3u8')).text())) await (await again(`1/${name}`)).arrayBuffer()
// Nothing is left to do behind the viewers: no tool runs for three seconds. What uses idle time alone has none on a machine that others keep busy: their
// CPU is not this process's, and a third of a minute is enough.
for (let calm = 0, waited = 0; calm < 3 && waited < 20; calm++, waited++) {
  await sleep(1000)
  if ((await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim() !== '') calm = -1
}
console.log(
  `ready ${JSON.stringify({ port: Number(new URL(url).port), path: `/stream/${videoId}/1/v1080`, token: stage.visitor.token, videoId, blobs: join(stage.matinee.folder, 'blobs') })}`,
)
process.once('SIGTERM', () => void stage[Symbol.asyncDispose]().finally(() => process.exit(0)))
await new Promise(() => {})

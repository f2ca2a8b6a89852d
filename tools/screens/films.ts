import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export type Film = { by: string; title: string; description: string; tags: string[]; picture: string }

const size = 's=960x540:r=24'

/** Pictures that FFmpeg draws itself: somebody's films, without anybody's rights. */
export const films: readonly Film[] = [
  {
    by: '周可',
    title: '潮汐之前 Before the tide',
    description: '清晨四点的石梯坪。没有台词，只有光。\n\n第一次把整卷素材剪成一条。',
    tags: ['shorts', '短片'],
    picture: `gradients=${size}:c0=0x0b1d33:c1=0x145c7a:c2=0xf2b880:nb_colors=3:speed=0.012:seed=3`,
  },
  {
    by: 'oliver',
    title: 'The last train to Keelung',
    description: 'Shot from one window seat. Headphones help.',
    tags: ['travel', 'shorts'],
    picture: `gradients=${size}:c0=0x1b1030:c1=0x6d2e46:c2=0xe8a87c:nb_colors=3:speed=0.02:seed=11`,
  },
  {
    by: '張語晴',
    title: '細胞',
    description: '畢業製作的第一段測試。',
    tags: ['animation'],
    picture: `life=${size}:mold=12:ratio=0.07:death_color=0x1a3a4a:life_color=0xf4d58d:mold_color=0x0a141c:seed=5,scale=960:540:flags=neighbor`,
  },
  {
    by: 'hana.kim',
    title: 'Coastlines, all the way down',
    description: 'A zoom that never ends, for falling asleep to.',
    tags: ['animation', 'music'],
    picture: 'mandelbrot=s=960x540:rate=24:start_scale=0.4:end_scale=0.02:end_pts=160:inner=convergence',
  },
  {
    by: 'noor',
    title: 'Room tone',
    description: 'Six seconds of a room, and what the room thinks of it.',
    tags: ['sound'],
    picture: `gradients=${size}:c0=0x101418:c1=0x2f4858:c2=0x86bbd8:nb_colors=3:speed=0.008:seed=21`,
  },
  {
    by: '李青山',
    title: '空山',
    description: '致敬。一镜到底。',
    tags: ['短片'],
    picture: `gradients=${size}:c0=0x0d1f14:c1=0x3a5a40:c2=0xdad7cd:nb_colors=3:speed=0.015:seed=8`,
  },
]

export const comments: readonly { by: string; text: string }[] = [
  { by: 'marta', text: 'I watched this twice and called my sister.' },
  { by: '陈默', text: '0:03 那一帧的颜色，能不能告诉我是怎么调的？' },
  { by: 'sam_w', text: 'The cut at the end is perfect. Half a second later would have been too late.' },
  { by: '王阿亮', text: '看完去了一趟海邊。' },
]

export const danmaku = ['好美', '前方高能', 'the light!', '原來是這裡', '第一次看就哭了', '来了来了']

export function makeFilm(folder: string, film: Film): string | undefined {
  const path = join(folder, `${film.title.replaceAll(/\W+/g, '-')}${films.indexOf(film)}.mp4`)
  const made = spawnSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', film.picture, '-f', 'lavfi', '-i', 'sine=frequency=196:sample_rate=48000'],
    ...['-t', '6', '-af', 'volume=0.05', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-y', path],
  ])
  return made.status === 0 ? path : undefined
}

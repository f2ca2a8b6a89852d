/** What somebody says about a film: under it, or over it at a moment. */
type Said = readonly [by: string, text: string]

export type SeedFilm = {
  maker: string
  title: string
  description: string
  tags: readonly string[]
  year: number
  /** Days since it came out. */
  age: number
  seconds: number
  /** Drawn by FFmpeg: somebody's film, without anybody's rights. */
  picture: string
  /** Hertz that sound together. */
  sound: readonly number[]
  chapters?: readonly string[]
  subtitles?: readonly { language: string; label: string; lines: readonly string[] }[]
  comments: readonly Said[]
  /** To the first of them. */
  replies: readonly Said[]
  danmaku: readonly Said[]
}

/** Soft pictures lose nothing by being drawn small. */
const drift = (seed: number, speed: number, ...colors: readonly string[]) =>
  `gradients=s=320x180:r=24:${colors.map((color, n) => `c${n}=0x${color}`).join(':')}:nb_colors=${colors.length}:speed=${speed}:seed=${seed},scale=640:360`
const cells = (seed: number, alive: string, gone: string) =>
  `life=s=160x90:r=12:mold=10:ratio=0.09:life_color=0x${alive}:death_color=0x${gone}:mold_color=0x101820:seed=${seed},scale=640:360:flags=neighbor,fps=24`
const rules = (rule: number, color: string) =>
  `cellauto=s=160x90:r=24:rule=${rule}:random_seed=${rule}:full=0,scale=640:360:flags=neighbor,format=gray,format=yuv420p,colorize=hue=${color}:saturation=0.5:lightness=0.4:mix=0.75`

/** What the club has made. Everybody in it has at least heard of one of them. */
export const seedFilms: readonly SeedFilm[] = [
  {
    maker: '周可',
    title: '潮汐之前 Before the tide',
    description: '清晨四点的石梯坪。没有台词，只有光。\n\n第一次把整卷素材剪成一条。0:03 那一下是真的浪。',
    tags: ['短片', 'sea'],
    year: 2025,
    age: 46,
    seconds: 12,
    picture: drift(3, 0.012, '0b1d33', '145c7a', 'f2b880'),
    sound: [98, 147, 196],
    chapters: ['天还没亮', '潮来', '光'],
    subtitles: [
      { language: 'zh-CN', label: '中文', lines: ['天还没亮。', '听，潮来了。', '光。'] },
      { language: 'en', label: 'English', lines: ['It is not day yet.', 'Listen: the tide.', 'Light.'] },
    ],
    comments: [
      ['marta', 'I watched this twice and called my sister.'],
      ['陈默', '0:03 那一帧的颜色，能不能告诉我是怎么调的？'],
      ['sam_w', 'The cut at the end is perfect. Half a second later would have been too late.'],
      ['王阿亮', '看完去了一趟海邊。'],
    ],
    replies: [
      ['周可', '没有调，那天早上就是这个颜色。'],
      ['hana.kim', 'The room tone before the wave, too. Leave it exactly as it is.'],
    ],
    danmaku: [
      ['marta', 'here it comes'],
      ['陈默', '前方高能'],
      ['priya.r', 'the light!'],
      ['王阿亮', '原來是這裡'],
      ['孙晓', '第一次看就哭了'],
      ['赵一鸣', '来了来了'],
      ['jonah', 'ohhh'],
      ['張語晴', '好美'],
      ['吴迪', '这是石梯坪？'],
    ],
  },
  {
    maker: 'oliver',
    title: 'The last train to Keelung',
    description: 'Shot from one window seat. Headphones help.',
    tags: ['travel', 'shorts'],
    year: 2024,
    age: 2,
    seconds: 10,
    picture: drift(11, 0.03, '1b1030', '6d2e46', 'e8a87c'),
    sound: [82, 123],
    comments: [
      ['noor', 'The rails carry the whole thing. What did you record with?'],
      ['林小美', '這班車我搭了十年，從來沒看過它這麼美。'],
    ],
    replies: [['oliver', 'A phone in a sock. Truly.']],
    danmaku: [
      ['noor', 'listen to the rails'],
      ['林小美', '七堵到了'],
      ['ella', 'one more station please'],
      ['黃柏翰', '這段超舒服'],
    ],
  },
  {
    maker: '張語晴',
    title: '細胞',
    description: '畢業製作的第一段測試。每一格都是規則自己長出來的。',
    tags: ['animation', '動畫'],
    year: 2026,
    age: 12,
    seconds: 10,
    picture: cells(5, 'f4d58d', '1a3a4a'),
    sound: [220, 277, 330],
    comments: [
      ['蔡宜蓁', '我把這段貼在便利貼上了：「規則自己長出來」。'],
      ['赵一鸣', '能不能出一个四十分钟的版本，我当壁纸。'],
    ],
    replies: [['張語晴', '等我畢業！']],
    danmaku: [
      ['赵一鸣', '左上角那一团活了'],
      ['蔡宜蓁', '滑翔機！'],
      ['tomás', 'go little guys'],
    ],
  },
  {
    maker: 'hana.kim',
    title: 'Coastlines, all the way down',
    description: 'A zoom that never ends, for falling asleep to.',
    tags: ['animation', 'music', 'sea'],
    year: 2025,
    age: 20,
    seconds: 12,
    picture: 'mandelbrot=s=320x180:rate=12:start_scale=0.5:end_scale=0.06:end_pts=150:inner=convergence:maxiter=200,scale=640:360,fps=24',
    sound: [110, 165, 220, 275],
    chapters: ['From far away', 'Nearer', 'Too near'],
    comments: [
      ['ella', 'Long takes, long winters, and this.'],
      ['jonah', 'Needs more fog.'],
    ],
    replies: [['hana.kim', 'Everything needs more fog, Jonah.']],
    danmaku: [
      ['jonah', 'fog?'],
      ['ella', 'do not stop'],
      ['priya.r', 'subtitles: [coastline]'],
      ['李青山', '别停'],
    ],
  },
  {
    maker: 'noor',
    title: 'Room tone',
    description: 'Eight seconds of a room, and what the room thinks of it.',
    tags: ['sound', 'shorts'],
    year: 2023,
    age: 88,
    seconds: 8,
    picture: drift(21, 0.008, '101418', '2f4858', '86bbd8'),
    sound: [60, 61],
    comments: [['hana.kim', 'Finally, a film about my job.']],
    replies: [],
    danmaku: [
      ['hana.kim', 'that hum is in B'],
      ['oliver', 'shh'],
    ],
  },
  {
    maker: '李青山',
    title: '空山',
    description: '致敬。一镜到底。',
    tags: ['短片', '武侠'],
    year: 2025,
    age: 64,
    seconds: 10,
    picture: drift(8, 0.015, '0d1f14', '3a5a40', 'dad7cd'),
    sound: [147, 196],
    comments: [
      ['馬志遠', '有胡金銓的味道，竹林那邊再慢半拍就更好。'],
      ['周可', '周五放映用这个开场吧？'],
    ],
    replies: [['李青山', '那我得穿得体面一点来。']],
    danmaku: [
      ['馬志遠', '起霧了'],
      ['周可', '空山新雨后'],
      ['孙晓', '我爸说这是真功夫'],
    ],
  },
  {
    maker: 'ingrid',
    title: 'Reel 14: garden, 1962',
    description: 'From the city archive. Nobody knows whose garden it was. If you do, write to me.',
    tags: ['archive', 'shorts'],
    year: 1962,
    age: 5,
    seconds: 9,
    picture: `${drift(14, 0.02, '2b1d0e', '8a6a3b', 'f0e0b6')},eq=saturation=0.55,noise=alls=14:allf=t`,
    sound: [174],
    comments: [['marta', 'The light on that wall at the end. Somebody loved this place.']],
    replies: [],
    danmaku: [
      ['marta', 'whose garden?'],
      ['sam_w', 'that grain is real'],
    ],
  },
  {
    maker: 'tomás',
    title: 'Rule 110 contra el Santo',
    description: 'Luchador films are cinema. This is one, if you squint.',
    tags: ['animation', 'comedy'],
    year: 2026,
    age: 31,
    seconds: 8,
    picture: rules(110, '340'),
    sound: [131, 165, 196],
    comments: [
      ['sam_w', 'I squinted. It is.'],
      ['王阿亮', '摔角片+鹽酥雞，今晚就這樣。'],
    ],
    replies: [['tomás', 'Thank you. I knew somebody would see it.']],
    danmaku: [
      ['sam_w', 'EL SANTO!'],
      ['王阿亮', '一、二、三！'],
    ],
  },
]

/** Who would like to hear of whom. */
export const seedFollows: readonly (readonly [who: string, whom: readonly string[]])[] = [
  ['林小美', ['周可', '張語晴', '李青山', 'oliver', 'hana.kim']],
  ['oliver', ['周可', 'hana.kim', 'noor', 'ingrid']],
  ['marta', ['周可', 'ingrid', 'ella']],
  ['陈默', ['周可', '李青山']],
  ['王阿亮', ['周可', '張語晴', 'tomás']],
  ['noor', ['hana.kim', 'oliver']],
  ['ella', ['hana.kim', 'oliver', 'noor']],
  ['赵一鸣', ['張語晴', '周可']],
  ['孙晓', ['李青山', '周可']],
  ['sam_w', ['tomás', 'noor', 'oliver']],
  ['周可', ['李青山', '林小美']],
]

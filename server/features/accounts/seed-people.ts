import type { Role } from '#server/lib/viewer.ts'
import type { Language } from '#shared/language.ts'

export type SeedPerson = {
  username: string
  displayName: string
  role?: Role
  state?: 'waiting'
  language: Language
  timeZone: string
  bio: string
  note?: string
}

/** The club: people who love films, here and there. The first owns the house. */
export const seedPeople: readonly SeedPerson[] = [
  {
    username: '林小美',
    displayName: '林小美',
    role: 'owner',
    language: 'zh-TW',
    timeZone: 'Asia/Taipei',
    bio: '放映室的鑰匙在我這裡。\n喜歡楊德昌，也喜歡一個人看恐怖片。',
  },
  {
    username: 'oliver',
    displayName: 'Oliver Grant',
    role: 'admin',
    language: 'en',
    timeZone: 'Europe/London',
    bio: 'Keeps the projector running and the tea warm. Silent films on Sundays.',
  },
  { username: '陈默', displayName: '陈默', role: 'admin', language: 'zh-CN', timeZone: 'Asia/Shanghai', bio: '做字幕的。一帧也不能错。' },
  {
    username: 'hana.kim',
    displayName: 'Hana Kim',
    role: 'moderator',
    language: 'en',
    timeZone: 'Asia/Seoul',
    bio: 'Documentary editor. Ask me about room tone.',
  },
  {
    username: '王阿亮',
    displayName: '阿亮',
    role: 'moderator',
    language: 'zh-TW',
    timeZone: 'Asia/Taipei',
    bio: '紀錄片、老電影、鹽酥雞。',
  },
  { username: 'marta', displayName: 'Marta Silva', language: 'en', timeZone: 'Europe/Lisbon', bio: 'I cry at credits.' },
  { username: '周可', displayName: '周可', language: 'zh-CN', timeZone: 'Asia/Shanghai', bio: '短片导演，还在学。每周五晚上一起看片。' },
  {
    username: 'sam_w',
    displayName: 'Sam Whitaker',
    language: 'en',
    timeZone: 'America/New_York',
    bio: 'Super 8, blown fuses, and the neighbour’s cat as lead actress.',
  },
  { username: '李青山', displayName: '李青山', language: 'zh-CN', timeZone: 'Asia/Shanghai', bio: '武侠片爱好者。收藏胡金铨的海报。' },
  { username: 'noor', displayName: 'Noor Haddad', language: 'en', timeZone: 'Europe/Berlin', bio: 'Sound first, picture second.' },
  { username: '張語晴', displayName: '語晴', language: 'zh-TW', timeZone: 'Asia/Taipei', bio: '動畫系三年級。正在畫第一部短片。' },
  { username: 'ella', displayName: 'Ella Lindqvist', language: 'en', timeZone: 'Europe/Stockholm', bio: 'Long takes, long winters.' },
  { username: '吴迪', displayName: '吴迪', language: 'zh-CN', timeZone: 'Asia/Urumqi', bio: '' },
  {
    username: 'tomás',
    displayName: 'Tomás Herrera',
    language: 'en',
    timeZone: 'America/Mexico_City',
    bio: 'Luchador films are cinema. Fight me.',
  },
  { username: '黃柏翰', displayName: '小黃', language: 'zh-TW', timeZone: 'Asia/Taipei', bio: '只看九十分鐘以內的電影。' },
  { username: 'priya.r', displayName: 'Priya Raman', language: 'en', timeZone: 'Asia/Kolkata', bio: 'Subtitles always on.' },
  { username: '赵一鸣', displayName: '一鸣', language: 'zh-CN', timeZone: 'Asia/Shanghai', bio: '科幻迷。家里有三台坏掉的放映机。' },
  { username: 'jonah', displayName: 'Jonah Fisher', language: 'en', timeZone: 'America/Vancouver', bio: 'Nature clips, mostly fog.' },
  { username: '蔡宜蓁', displayName: '宜蓁', language: 'zh-TW', timeZone: 'Asia/Taipei', bio: '影評寫在便利貼上。' },
  { username: '孙晓', displayName: '孙晓', language: 'zh-CN', timeZone: 'Asia/Shanghai', bio: '陪爸妈看老电影，顺便学做饭。' },
  {
    username: 'ingrid',
    displayName: 'Ingrid Aas',
    language: 'en',
    timeZone: 'Europe/Oslo',
    bio: 'Restores home movies for the city archive.',
  },
  { username: '馬志遠', displayName: '阿遠', language: 'zh-TW', timeZone: 'Asia/Hong_Kong', bio: '港片要看粵語原聲。' },
  { username: 'dev-patel', displayName: 'Dev', language: 'en', timeZone: 'Europe/London', bio: 'Here for the shorts.' },
  {
    username: '郭小雨',
    displayName: '小雨',
    state: 'waiting',
    language: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    bio: '',
    note: '我是周可的同学，想一起参加周五放映。',
  },
  {
    username: 'leo.b',
    displayName: 'Leo Baumann',
    state: 'waiting',
    language: 'en',
    timeZone: 'Europe/Vienna',
    bio: '',
    note: 'Ingrid told me about you. I bring a 16 mm projector.',
  },
]

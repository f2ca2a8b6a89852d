import type { Chinese } from '#server/lib/chinese.ts'
import { foldText } from '#server/lib/plain-text.ts'
import type { Danmaku } from '#shared/api/danmaku.ts'

/** What near-duplicates have in common: as it sounds, without punctuation, and without saying the same sound over and over. */
function soundOf(text: string, chinese: Chinese): string {
  const plain = chinese.simplify(foldText(text))
  const bare = plain.replace(/[^\p{L}\p{N}]/gu, '')
  if (bare === '') return plain
  const sounds = [...bare].map((character) => chinese.readings(character)[0] ?? character)
  return withoutRepeats(sounds).join(' ')
}

/** 哈哈哈哈 is 哈, 2333333 is 23, 前方高能前方高能 is 前方高能. */
function withoutRepeats(sounds: readonly string[]): readonly string[] {
  const once = sounds.filter((sound, i) => sound !== sounds[i - 1])
  for (let length = 2; length <= once.length / 2; length++) {
    if (once.length % length === 0 && once.every((sound, i) => sound === once[i % length])) return once.slice(0, length)
  }
  return once
}

/** Within this they were said at the same moment. */
const nearMs = 15_000

/** Those that say nearly the same near one moment become one, at the first one's moment, with their number and all their likes. */
export function mergeAlike(items: readonly Danmaku[], chinese: Chinese): Danmaku[] {
  const open = new Map<string, Danmaku>()
  const merged: Danmaku[] = []
  for (const item of items) {
    const key = `${item.mode} ${soundOf(item.text, chinese)}`
    const first = open.get(key)
    if (first && item.atMs - first.atMs < nearMs) {
      first.count += item.count
      first.likes += item.likes
      continue
    }
    const copy = { ...item }
    open.set(key, copy)
    merged.push(copy)
  }
  return merged
}

import { foldText, toLine, toParagraphs } from '#server/lib/plain-text.ts'
import type { ChangeVideoBody } from '#shared/api/videos.ts'
import { wrongField } from './errors.ts'
import type { Tag } from './library-store.ts'
import type { VideoRow } from './store.ts'

/** What a body changes in the row. Throws what is wrong with it. */
export function toChanges(body: Omit<ChangeVideoBody, 'password'>): Partial<VideoRow> {
  const { title, description, visibility, publishAt, language, isDanmakuOn, commentRule, slowModeS } = body
  return {
    ...(title === undefined ? {} : { title: toTitle(title) }),
    ...(description === undefined ? {} : { description: toParagraphs(description) }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(publishAt === undefined ? {} : { publish_ms: publishAt === null ? null : Date.parse(publishAt) }),
    ...(language === undefined ? {} : { language }),
    ...(isDanmakuOn === undefined ? {} : { is_danmaku_on: isDanmakuOn ? 1 : 0 }),
    ...(commentRule === undefined ? {} : { comment_rule: commentRule }),
    ...(slowModeS === undefined ? {} : { slow_mode_s: slowModeS }),
  }
}

function toTitle(text: string): string {
  const title = toLine(text)
  if (title === '') throw wrongField('title', 'video.title_empty')
  return title
}

/** In their order, each once however it is written; what is empty is passed over. */
export function toTags(tags: readonly string[]): Tag[] {
  const byKey = new Map<string, Tag>()
  for (const text of tags) {
    const label = toLine(text.replace(/^#+/, ''))
    const key = foldText(label).slice(0, 100)
    if (label !== '' && !byKey.has(key)) byKey.set(key, { key, label })
  }
  return [...byKey.values()]
}

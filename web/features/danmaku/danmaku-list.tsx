import { type ReactNode, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { toCount } from '#web/lib/counts.ts'
import { useReport } from '#web/lib/report.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { toClock } from '#web/player/clock.ts'
import { danmakuHabits } from '#web/player/danmaku/danmaku-habits.ts'
import { HeartIcon } from '#web/ui/film-icons.tsx'
import { MoreIcon } from '#web/ui/icons.tsx'
import { Menu, MenuAct } from '#web/ui/menu.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { danmakuPath, fileAddress, type Listed, listOf } from './api.ts'
import { DanmakuImport } from './danmaku-import.tsx'
import { type DanmakuActs, useDanmakuActs } from './use-danmaku-acts.ts'
import './danmaku-list.css'

type Props = { vid: string; total: number; isPerson: boolean; isKeeper: boolean; isOwn: boolean; seek(atMs: number): void }

/** All that flies over a film, to be read: for who wants to find a moment, and for who sees none fly. Loaded when it is opened. */
export function DanmakuList(props: Props) {
  const t = useTranslations('watch.danmaku')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className="danmaku-list" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {t('list')} <span className="danmaku-list-total">{t('total', { count: props.total })}</span>
      </summary>
      {isOpen ? <Opened {...props} /> : null}
    </details>
  )
}

function Opened({ vid, isPerson, isKeeper, isOwn, seek }: Props) {
  const t = useTranslations('watch.danmaku')
  const pages = usePages<Listed>(listOf(vid))
  const acts = useDanmakuActs(vid, pages)
  return (
    <>
      <div className="danmaku-list-body">
        <Paged pages={pages} empty={<p className="danmaku-list-note">{t('none')}</p>}>
          {(items) => (
            <ol role="list">
              {items.map((item) => (
                <Row key={item.id} vid={vid} item={item} acts={acts} isPerson={isPerson} isKeeper={isKeeper} seek={seek} />
              ))}
            </ol>
          )}
        </Paged>
      </div>
      <p className="danmaku-list-files">
        {t('export')}
        {(['xml', 'ass'] as const).map((format) => (
          <a key={format} href={fileAddress(vid, format)} download>
            {format.toUpperCase()}
          </a>
        ))}
        {isOwn ? <DanmakuImport vid={vid} done={pages.retry} /> : null}
      </p>
    </>
  )
}

type RowProps = Omit<Props, 'total' | 'isOwn'> & { item: Listed; acts: DanmakuActs }

function Row({ vid, item, acts, isPerson, isKeeper, seek }: RowProps) {
  const t = useTranslations('watch.danmaku')
  const time = toClock(item.atMs / 1000)
  return (
    <li className="danmaku-row">
      <a
        className="danmaku-row-jump"
        href={`?t=${Math.floor(item.atMs / 1000)}`}
        onClick={(event) => {
          event.preventDefault()
          seek(item.atMs)
        }}
      >
        <span className="danmaku-row-time">{time}</span>
        <span className="danmaku-row-text">
          {item.text}
          {item.count > 1 ? <small> ×{item.count}</small> : null}
          {item.author ? <small> {item.author.displayName || item.author.username}</small> : null}
        </span>
      </a>
      <RowMenu vid={vid} item={item} acts={acts} isPerson={isPerson} isKeeper={isKeeper} label={t('acts', { text: item.text, time })} />
    </li>
  )
}

function RowMenu({ vid, item, acts, isPerson, isKeeper, label }: Omit<RowProps, 'seek'> & { label: string }): ReactNode {
  const t = useTranslations('watch.danmaku')
  const report = useReport()
  const id = useId()
  const { isOwn, isLiked } = acts.of(item)
  const habits = danmakuHabits()
  const hide = () => habits.set({ people: [...new Set([...habits.get().people, item.by])].slice(-200) })
  return (
    <>
      <button type="button" className="danmaku-row-more" popoverTarget={id} aria-label={label}>
        {item.likes > 0 ? (
          <span className="danmaku-row-likes">
            <HeartIcon /> {toCount(item.likes)}
          </span>
        ) : null}
        <MoreIcon />
      </button>
      <Menu id={id} label={label}>
        {isPerson ? <MenuAct act={() => void acts.like(item)}>{isLiked ? t('unlike') : t('like')}</MenuAct> : null}
        <MenuAct act={() => void navigator.clipboard?.writeText(item.text).catch(() => undefined)}>{t('copy')}</MenuAct>
        {isOwn ? null : <MenuAct act={hide}>{t('hidePerson')}</MenuAct>}
        {isOwn || isKeeper ? <MenuAct act={() => void acts.remove(item)}>{isOwn ? t('recall') : t('remove')}</MenuAct> : null}
        {report && !isOwn ? (
          <MenuAct act={() => report({ path: danmakuPath(vid, item.id), what: item.text })}>{t('report')}</MenuAct>
        ) : null}
      </Menu>
    </>
  )
}

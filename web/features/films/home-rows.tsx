import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { HomeRow } from '#shared/api/feed.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { FilmPicture } from './film-picture.tsx'
import { FilmRow } from './film-row.tsx'

/** On a phone it lies in the dark behind the words: 640 points across are plenty. */
const stillSizes = '(width < 720px) 60vw, 100vw'
const named = ['continue', 'featured', 'new', 'hot', 'following'] as const

/** One still across the width: of the film to go on with, what the house puts first, or the newest; then the rows. */
export function HomeRows({ rows, name }: { rows: readonly HomeRow[]; name: string }) {
  const t = useTranslations('films')
  const begun = rows.find(({ key }) => key === 'continue')?.items[0]
  const first = begun ?? (['featured', 'new'].map((name) => rows.find(({ key }) => key === name)).find(Boolean) ?? rows[0])?.items[0]
  const titleOf = ({ key, title }: HomeRow) => {
    const known = named.find((one) => one === key)
    if (known) return t(`rows.${known}`)
    const tag = title ?? key.replace(/^tag:/, '')
    return key.startsWith('tag:') ? <Link href={`/tag/${encodeURIComponent(tag)}`}>#{tag}</Link> : tag
  }
  return (
    <div className="home-rows">
      {first ? (
        <section className="home-first" aria-label={first.title}>
          <FilmPicture film={first} isFirst sizes={stillSizes} />
          <div className="home-first-words">
            <h1 className="home-first-title">{first.title}</h1>
            <p>{first.owner.displayName || first.owner.username}</p>
            <ButtonLink look="lamp" to={`/watch/${first.id}`}>
              {first === begun && first.progressMs ? t('home.goOn') : t('home.watch')}
            </ButtonLink>
          </div>
        </section>
      ) : (
        <h1 className="unseen">{name}</h1>
      )}
      {rows.map((row) => (
        <FilmRow key={row.key} name={row.key.replaceAll(/[^\w-]/g, '_')} title={titleOf(row)} films={row.items} />
      ))}
    </div>
  )
}

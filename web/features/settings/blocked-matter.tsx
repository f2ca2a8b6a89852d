import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { PersonCard } from '#shared/api/accounts.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { useSay } from '#web/ui/status.tsx'
import { blocked } from './api.ts'
import './sessions.css'

/** Of whom one hears nothing, and the way to hear of them again. */
export function BlockedMatter() {
  const t = useTranslations('settings.blocked')
  const people = usePages(blocked)
  const { busy, run } = useDeeds()
  const say = useSay()
  const textOf = useFailureText()

  async function lift(person: PersonCard) {
    const path = `/user/${encodeURIComponent(person.username)}/block`
    const stale = ['/home', '/videos/', '/search', '/user/']
    const outcome = await run(person.username, (api) => api.send('DELETE', path), stale)
    if (outcome.state === 'failed') say({ look: 'failed', text: textOf(outcome.failure) })
    if (outcome.state !== 'done') return
    people.edit((items) => items.filter(({ id }) => id !== person.id))
    say({ look: 'done', text: t('lifted', { name: nameOf(person) }) })
  }

  return (
    <Matter title={t('title')} text={t('text')}>
      <Paged pages={people} empty={<p className="session-facts">{t('empty')}</p>}>
        {(items) => (
          <ul className="sessions-of" role="list">
            {items.map((person) => (
              <li className="session" key={person.id}>
                <Avatar person={person} />
                <div className="session-words">
                  <Link className="session-name" href={`/@${encodeURIComponent(person.username)}`}>
                    {nameOf(person)}
                  </Link>
                  <span className="session-facts">@{person.username}</span>
                </div>
                <Button
                  size="small"
                  isBusy={busy === person.username}
                  aria-label={t('liftNamed', { name: nameOf(person) })}
                  onClick={() => void lift(person)}
                >
                  {t('lift')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </Matter>
  )
}

const nameOf = ({ displayName, username }: PersonCard) => displayName || username

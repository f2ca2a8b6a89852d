import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import type { Neighbours } from '#shared/api/playlists.ts'
import { posterAddress } from '#web/lib/poster.ts'
import { useReading } from '#web/lib/reading.ts'
import { usePlayerState } from '#web/player/use-player.ts'
import { Button } from '#web/ui/button.tsx'
import { inList, neighboursOf } from './api.ts'
import './next-up.css'

const waitS = 8

/** When a part is over, the next one begins by itself, unless somebody wants to stay. */
export function NextUp({ vid, list }: { vid: string; list: string | undefined }) {
  const isEnded = usePlayerState('isEnded')
  const isMini = usePlayerState('full') === 'no' && !document.querySelector('.watch')
  const { data } = useReading(neighboursOf(vid, list))
  const next = data?.next
  if (!isEnded || isMini || !next || !data.list) return null
  return <Counting key={next.id} next={next} listId={data.list.id} />
}

function Counting({ next, listId }: { next: NonNullable<Neighbours['next']>; listId: string }) {
  const t = useTranslations('films.lists')
  const [, go] = useLocation()
  const [leftS, setLeftS] = useState(waitS)
  const [isStaying, setIsStaying] = useState(false)
  const href = inList(next.id, listId)
  useEffect(() => {
    if (isStaying) return
    const timer = setTimeout(() => (leftS > 0 ? setLeftS(leftS - 1) : go(href)), 1000)
    return () => clearTimeout(timer)
  }, [leftS, isStaying, go, href])
  if (isStaying) return null
  return (
    <div className="next-up" role="status">
      {next.poster ? <img src={posterAddress(next.id, next.poster, 320)} alt="" width={160} height={90} /> : null}
      <div className="next-up-words">
        <span className="next-up-lead">{t('nextIn', { seconds: leftS })}</span>
        <strong>{next.title}</strong>
        <div className="form-acts">
          <Button size="small" look="lamp" onClick={() => go(href)}>
            {t('playNow')}
          </Button>
          <Button size="small" look="screen" onClick={() => setIsStaying(true)}>
            {t('stay')}
          </Button>
        </div>
      </div>
    </div>
  )
}

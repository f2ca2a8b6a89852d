import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { toClock } from '#web/player/clock.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { Toggle } from '#web/ui/toggle.tsx'
import { watchAddress } from './api.ts'
import { nowPlaying } from './now-playing.ts'

export function ShareDialog({ video, isOpen, close }: { video: Video; isOpen: boolean; close(): void }) {
  const t = useTranslations('watch.page')
  const [hasTime, setHasTime] = useState(false)
  const [atS, setAtS] = useState(0)
  useEffect(() => {
    if (isOpen) setAtS(Math.floor(nowPlaying()?.player.video.currentTime ?? 0))
  }, [isOpen])
  const address = isOpen ? new URL(watchAddress(video.id), location.origin) : undefined
  if (address && hasTime) address.searchParams.set('t', String(atS))
  return (
    <Dialog title={t('shareTitle')} isOpen={isOpen} close={close}>
      <div className="share-row">
        <input
          className="control"
          readOnly
          value={address?.href ?? ''}
          aria-label={t('shareLink')}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={address?.href ?? ''} label={t('copy')} isWordy />
      </div>
      <Toggle label={t('shareAt', { time: toClock(atS) })} isOn={hasTime} onChange={setHasTime} />
    </Dialog>
  )
}

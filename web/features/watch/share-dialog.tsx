import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { toClock } from '#web/player/clock.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { Toggle } from '#web/ui/toggle.tsx'
import { frameAddress, watchAddress } from './api.ts'
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
      {video.embedding === 'everybody' && address ? <EmbedCode video={video} address={address} /> : null}
      <Toggle label={t('shareAt', { time: toClock(atS) })} isOn={hasTime} onChange={setHasTime} />
    </Dialog>
  )
}

/** The line that a site's keeper puts into a page to show the film there. */
function EmbedCode({ video, address }: { video: Video; address: URL }) {
  const t = useTranslations('watch.page')
  const frame = document.createElement('iframe')
  const source = new URL(frameAddress(video.id) + address.search, address.origin)
  const size = { width: '640', height: String(Math.round((640 * (video.height ?? 9)) / (video.width ?? 16))) }
  const facts = { src: source.href, ...size, title: video.title, allow: 'autoplay; fullscreen; picture-in-picture', allowfullscreen: '' }
  for (const [name, value] of Object.entries(facts)) frame.setAttribute(name, value)
  const code = frame.outerHTML
  return (
    <div className="share-row">
      <input className="control" readOnly value={code} aria-label={t('shareEmbed')} onFocus={(event) => event.target.select()} />
      <CopyButton text={code} label={t('copyEmbed')} isWordy />
    </div>
  )
}

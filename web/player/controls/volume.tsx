import { useTranslations } from 'use-intl'
import { QuietIcon, SilentIcon, VolumeIcon } from '../player-icons.tsx'
import { usePlayer, usePlayerState } from '../use-player.ts'
import { Control } from './control.tsx'

export function Volume() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const volume = usePlayerState('volume')
  const isMuted = usePlayerState('isMuted')
  const heard = isMuted ? 0 : volume
  const icon = heard === 0 ? SilentIcon : heard < 0.5 ? QuietIcon : VolumeIcon
  return (
    <span className="volume">
      <Control icon={icon} label={isMuted ? t('unmute') : t('mute')} keys="M" act={() => player.mute(!isMuted)} />
      <input
        className="volume-range"
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={heard}
        aria-label={t('volume')}
        aria-valuetext={`${Math.round(heard * 100)} %`}
        // The bar keeps the mouse from taking the focus; this one needs it to be drawn along.
        onMouseDown={(event) => event.stopPropagation()}
        onChange={(event) => player.setVolume(Number(event.target.value))}
        onKeyDown={(event) => event.key.startsWith('Arrow') && event.stopPropagation()}
      />
    </span>
  )
}

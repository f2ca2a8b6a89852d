import { useTranslations } from 'use-intl'
import { Dialog } from '#web/ui/dialog.tsx'
import { keyList } from './keys.ts'
import { usePlayer, usePlayerState } from './use-player.ts'

export function HelpDialog() {
  const t = useTranslations('watch.keys')
  const player = usePlayer()
  const isShown = usePlayerState('isHelpShown')
  return (
    <Dialog title={t('title')} isOpen={isShown} close={() => player.store.set({ isHelpShown: false })}>
      <dl className="key-list">
        {keyList.map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key === 'Space' ? t('space') : key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <p className="key-touch">{t('touch')}</p>
    </Dialog>
  )
}

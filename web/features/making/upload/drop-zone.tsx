import { type ChangeEvent, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { UploadIcon } from '#web/ui/icons.tsx'
import { CameraIcon, FolderIcon } from '../icons.tsx'
import { accepted, type Chosen, fromFiles, fromPicker } from './gather.ts'

/** No attribute of the standard's inputs, and known to every browser. */
const wholeFolders = { webkitdirectory: '' }

type Props = { take(chosen: readonly Chosen[]): void; isOver: boolean; isSmall: boolean; isReady: boolean }

/** The screen that waits for films; smaller once there are some. */
export function DropZone({ take, isOver, isSmall, isReady }: Props) {
  const t = useTranslations('making.upload')
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)

  async function choose() {
    const picked = await fromPicker()
    if (picked) take(picked)
    else files.current?.click()
  }

  function chosen({ target }: ChangeEvent<HTMLInputElement>) {
    const found = fromFiles(target.files ?? [])
    target.value = ''
    take(found)
  }

  return (
    <section className="drop" data-over={isOver} data-small={isSmall} aria-label={t('choose')}>
      <div className="drop-screen" aria-hidden="true" />
      <div className="drop-words">
        <p className="drop-title">
          <span className="drop-by-hand">{isOver ? t('dropNow') : t('drop')}</span>
          <span className="drop-by-touch">{t('chooseTitle')}</span>
        </p>
        {isSmall ? null : <p className="drop-text">{t('dropText')}</p>}
      </div>
      <div className="drop-acts">
        <Button look={isSmall ? 'plain' : 'lamp'} icon={UploadIcon} disabled={!isReady} onClick={choose}>
          {t('choose')}
        </Button>
        <span className="drop-by-hand">
          <Button look="bare" icon={FolderIcon} disabled={!isReady} onClick={() => folder.current?.click()}>
            {t('chooseFolder')}
          </Button>
        </span>
        <span className="drop-by-touch">
          <Button look="bare" icon={CameraIcon} disabled={!isReady} onClick={() => camera.current?.click()}>
            {t('record')}
          </Button>
        </span>
      </div>
      <input ref={files} type="file" multiple accept={accepted} aria-label={t('choose')} hidden onChange={chosen} />
      <input ref={folder} type="file" multiple {...wholeFolders} aria-label={t('chooseFolder')} hidden onChange={chosen} />
      <input ref={camera} type="file" accept="video/*" capture="environment" aria-label={t('record')} hidden onChange={chosen} />
    </section>
  )
}

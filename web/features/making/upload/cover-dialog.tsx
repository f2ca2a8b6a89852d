import { type ChangeEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { useSay } from '#web/ui/status.tsx'
import { FrameFinder } from '../finder/frame-finder.tsx'
import { CameraIcon, FolderIcon } from '../icons.tsx'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { drawn } from './look-into.ts'

type Props = { film: FilmOnItsWay; view: FilmView; name: string; isOpen: boolean; close(): void }

const accepted = 'image/jpeg,image/png,image/webp,image/avif'
const mostBytes = 10 * 1024 * 1024

/** The cover of a film that is still on its way: any frame of the file on this device, or a picture of one's own. */
export function CoverDialog({ film, view, name, isOpen, close }: Props) {
  const t = useTranslations('making.cover')
  return (
    <Dialog title={t('chooseFor', { name })} isOpen={isOpen} close={close}>
      {isOpen ? <Choosing film={film} view={view} close={close} /> : null}
    </Dialog>
  )
}

function Choosing({ film, view: { facts }, close }: Omit<Props, 'name' | 'isOpen'>) {
  const t = useTranslations('making.cover')
  const say = useSay()
  const frame = useRef<HTMLVideoElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [atMs, setAtMs] = useState(Math.round((facts?.durationMs ?? 0) * 0.15))
  const src = useFileAddress(film)

  async function take() {
    const picture = frame.current && (await drawn(frame.current, 1280, 'image/jpeg'))
    if (!picture) return
    film.cover(picture)
    close()
  }

  function chosen({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    target.value = ''
    if (!file) return
    if (file.size > mostBytes) return say({ look: 'failed', text: t('tooLarge') })
    film.cover(file)
    close()
  }

  return (
    <div className="cover-dialog">
      {src && facts ? <FrameFinder film={{ src, ...facts }} atMs={atMs} look={setAtMs} frame={frame} /> : <p>{t('unreadable')}</p>}
      <div className="form-acts">
        {src && facts ? (
          <Button look="lamp" icon={CameraIcon} onClick={take}>
            {t('take')}
          </Button>
        ) : null}
        <Button icon={FolderIcon} onClick={() => input.current?.click()}>
          {t('own')}
        </Button>
        <input ref={input} type="file" accept={accepted} aria-label={t('own')} hidden onChange={chosen} />
      </div>
    </div>
  )
}

function useFileAddress(film: FilmOnItsWay): string | undefined {
  const address = useMemo(() => (film.file ? URL.createObjectURL(film.file) : undefined), [film])
  useEffect(() => () => (address ? URL.revokeObjectURL(address) : undefined), [address])
  return address
}

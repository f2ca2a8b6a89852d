import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { IconButton } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { CopyIcon, MoreIcon, UploadIcon } from '#web/ui/icons.tsx'
import { Menu, MenuAct } from '#web/ui/menu.tsx'
import { useSay } from '#web/ui/status.tsx'
import { BinIcon, GoOnIcon, PenIcon } from '../icons.tsx'
import { isPlayable } from './api.ts'
import { DeleteFilms } from './delete-films.tsx'

/** What can be done with one film. */
export function FilmActs({ username, video }: { username: string; video: Video }) {
  const t = useTranslations('making.studio')
  const copy = useCopyLink(video)
  const [isDeleting, setIsDeleting] = useState(false)
  const { id, title, state } = video
  const menuId = `film-${id}`
  return (
    <>
      <IconButton icon={MoreIcon} label={t('actsFor', { title })} popoverTarget={menuId} />
      <Menu id={menuId} label={t('actsFor', { title })}>
        <Link className="menu-item" href={`/studio/${id}`}>
          <PenIcon />
          {t('edit')}
        </Link>
        {isPlayable(video) ? (
          <Link className="menu-item" href={`/watch/${id}`}>
            <GoOnIcon />
            {t('watch')}
          </Link>
        ) : null}
        {state === 'uploading' || state === 'processing' ? null : (
          <Link className="menu-item" href={`/upload-films?into=${id}`}>
            <UploadIcon />
            {state === 'draft' || state === 'failed' ? t('sendFile') : t('replaceFile')}
          </Link>
        )}
        <MenuAct act={copy}>
          <CopyIcon />
          {t('copyLink')}
        </MenuAct>
        <MenuAct act={() => setIsDeleting(true)}>
          <BinIcon />
          {t('delete')}
        </MenuAct>
      </Menu>
      <Dialog title={t('deleteTitle', { count: 1 })} isOpen={isDeleting} close={() => setIsDeleting(false)}>
        {isDeleting ? <DeleteFilms username={username} videos={[video]} close={() => setIsDeleting(false)} /> : null}
      </Dialog>
    </>
  )
}

export const linkTo = (id: string) => `${location.origin}/watch/${id}`

function useCopyLink({ id }: Video): () => void {
  const t = useTranslations('making.studio')
  const say = useSay()
  return () => {
    const link = linkTo(id)
    navigator.clipboard.writeText(link).then(
      () => say({ look: 'done', text: t('copied') }),
      () => say({ look: 'failed', text: t('notCopied', { link }) }),
    )
  }
}

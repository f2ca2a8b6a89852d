import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { AdminFilm } from '#shared/api/curation.ts'
import { IconButton } from '#web/ui/button.tsx'
import { MoreIcon } from '#web/ui/icons.tsx'
import { Menu, MenuAct } from '#web/ui/menu.tsx'
import { isPlayable } from '../studio/api.ts'
import { editorOf } from './api.ts'
import { type HouseDialog, HouseDialogs } from './house-dialogs.tsx'
import { useHouseDeeds } from './use-house-deeds.ts'

/** What can be done with one film of anybody. */
export function HouseActs({ film }: { film: AdminFilm }) {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  const [open, setOpen] = useState<HouseDialog>()
  const deeds = useHouseDeeds()
  const { id, title, featuredAt, isHidden } = film
  const menuId = `house-film-${id}`
  return (
    <>
      <IconButton icon={MoreIcon} label={studio('actsFor', { title })} popoverTarget={menuId} />
      <Menu id={menuId} label={studio('actsFor', { title })}>
        {isPlayable(film) ? (
          <Link className="menu-item" href={`/watch/${id}`}>
            {studio('watch')}
          </Link>
        ) : null}
        <Link className="menu-item" href={editorOf(film)}>
          {studio('edit')}
        </Link>
        <MenuAct act={() => void deeds.feature([film], featuredAt === null)}>{featuredAt === null ? t('feature') : t('unfeature')}</MenuAct>
        <MenuAct act={() => void deeds.hide([film], !isHidden)}>{isHidden ? t('unhide') : t('hide')}</MenuAct>
        <MenuAct act={() => setOpen('hand over')}>{t('handOver')}</MenuAct>
        <MenuAct act={() => setOpen('delete')}>{studio('delete')}</MenuAct>
      </Menu>
      <HouseDialogs films={[film]} deeds={deeds} open={open} close={() => setOpen(undefined)} />
    </>
  )
}

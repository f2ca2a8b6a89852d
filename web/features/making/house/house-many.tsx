import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { AdminFilm } from '#shared/api/curation.ts'
import { Button } from '#web/ui/button.tsx'
import { visibilities } from '../fields/film-fields.ts'
import { ChooseAll } from '../studio/choose-all.tsx'
import type { Chosen } from '../studio/use-chosen.ts'
import { type HouseDialog, HouseDialogs } from './house-dialogs.tsx'
import { Running } from './running.tsx'
import { type HouseDeeds, useHouseDeeds } from './use-house-deeds.ts'

/** A password is each film's own: it is not given to many at once. */
const offered = visibilities.filter((name) => name !== 'password')

/** What can be done with many films at once, and how far it is. */
export function HouseMany({ films, chosen }: { films: readonly AdminFilm[]; chosen: Chosen }) {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  const deeds = useHouseDeeds()
  const [open, setOpen] = useState<HouseDialog>()
  const some = films.filter(({ id }) => chosen.ids.has(id))

  return (
    <div className="many" role="group" aria-label={studio('many')}>
      <ChooseAll chosen={chosen} count={some.length} total={films.length} />
      {deeds.progress && open === undefined ? (
        <Running deeds={deeds} />
      ) : some.length > 0 ? (
        <ManyActs some={some} deeds={deeds} open={setOpen} then={() => chosen.chooseAll(false)} />
      ) : (
        <span className="many-hint">{t('manyHint')}</span>
      )}
      <HouseDialogs films={some} deeds={deeds} open={open} close={() => setOpen(undefined)} then={() => chosen.chooseAll(false)} />
    </div>
  )
}

type ActsProps = { some: readonly AdminFilm[]; deeds: HouseDeeds; open(dialog: HouseDialog): void; then(): void }

function ManyActs({ some, deeds, open, then }: ActsProps) {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  const fields = useTranslations('making.fields')
  const areFeatured = some.every(({ featuredAt }) => featuredAt !== null)
  const areHidden = some.every(({ isHidden }) => isHidden)

  async function act(work: Promise<boolean>) {
    if (await work) then()
  }

  return (
    <div className="many-acts">
      <select
        className="control control-select"
        aria-label={fields('visibility')}
        value=""
        onChange={(event) => void act(deeds.show(some, event.target.value))}
      >
        <option value="">{studio('changeVisibility')}</option>
        {offered.map((name) => (
          <option key={name} value={name}>
            {fields(`visibilities.${name}`)}
          </option>
        ))}
      </select>
      <Button size="small" onClick={() => void act(deeds.feature(some, !areFeatured))}>
        {areFeatured ? t('unfeature') : t('feature')}
      </Button>
      <Button size="small" onClick={() => void act(deeds.hide(some, !areHidden))}>
        {areHidden ? t('unhide') : t('hide')}
      </Button>
      <Button size="small" onClick={() => open('hand over')}>
        {t('handOver')}
      </Button>
      {some.length > 1 ? (
        <Button size="small" onClick={() => open('merge')}>
          {t('merge')}
        </Button>
      ) : null}
      <Button size="small" look="danger" onClick={() => open('delete')}>
        {studio('delete')}
      </Button>
    </div>
  )
}

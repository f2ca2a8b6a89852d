import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { visibilities } from '../fields/film-fields.ts'
import { BinIcon } from '../icons.tsx'
import { ChooseAll } from './choose-all.tsx'
import { DeleteFilms } from './delete-films.tsx'
import type { Chosen } from './use-chosen.ts'
import { useMany } from './use-many.ts'

type Props = { username: string; videos: readonly Video[]; chosen: Chosen }

/** A password is each film's own: it is not given to many at once. */
const offered = visibilities.filter((name) => name !== 'password')

/** What can be done with many films at once; the box of all stands here, where phones have it, too. */
export function ManyActs({ username, videos, chosen }: Props) {
  const t = useTranslations('making.studio')
  const fields = useTranslations('making.fields')
  const { busy, run } = useMany(username)
  const [isDeleting, setIsDeleting] = useState(false)
  const some = videos.filter(({ id }) => chosen.ids.has(id))

  async function show(value: string) {
    const visibility = offered.find((name) => name === value)
    if (!visibility) return
    const isDone = await run({ videos: some, done: 'changed', work: (api, path) => api.send('PATCH', path, { visibility }) })
    if (isDone) chosen.chooseAll(false)
  }

  return (
    <div className="many" role="group" aria-label={t('many')}>
      <ChooseAll chosen={chosen} count={some.length} total={videos.length} />
      {some.length > 0 ? (
        <div className="many-acts">
          <select
            className="control control-select"
            aria-label={fields('visibility')}
            value=""
            disabled={busy}
            onChange={(event) => void show(event.target.value)}
          >
            <option value="">{t('changeVisibility')}</option>
            {offered.map((name) => (
              <option key={name} value={name}>
                {fields(`visibilities.${name}`)}
              </option>
            ))}
          </select>
          <Button size="small" look="danger" icon={BinIcon} onClick={() => setIsDeleting(true)}>
            {t('delete')}
          </Button>
        </div>
      ) : null}
      <Dialog title={t('deleteTitle', { count: some.length })} isOpen={isDeleting} close={() => setIsDeleting(false)}>
        {isDeleting ? <DeleteFilms username={username} videos={some} close={() => setIsDeleting(false)} /> : null}
      </Dialog>
    </div>
  )
}

import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import type { Chosen } from './use-chosen.ts'

export function ChooseBox({ video: { id, title }, chosen }: { video: Pick<Video, 'id' | 'title'>; chosen: Chosen }) {
  const t = useTranslations('making.studio')
  return (
    <label className="studio-choose">
      <input
        type="checkbox"
        checked={chosen.ids.has(id)}
        aria-label={t('chooseOne', { title })}
        onChange={(event) => chosen.choose(id, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  )
}

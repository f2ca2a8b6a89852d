import { useTranslations } from 'use-intl'
import type { Chosen } from './use-chosen.ts'

/** The box of all films of a page, and how many are chosen, said aloud as well. */
export function ChooseAll({ chosen, count, total }: { chosen: Chosen; count: number; total: number }) {
  const t = useTranslations('making.studio')
  const isAll = count === total
  return (
    <>
      <label className="many-all">
        <input
          type="checkbox"
          checked={isAll}
          ref={(box) => {
            if (box) box.indeterminate = count > 0 && !isAll
          }}
          onChange={(event) => chosen.chooseAll(event.target.checked)}
        />
        {count === 0 ? t('chooseAll') : t('chosen', { count })}
      </label>
      <span className="unseen" role="status">
        {count === 0 ? '' : t('chosen', { count })}
      </span>
    </>
  )
}

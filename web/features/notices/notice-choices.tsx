import { useTranslations } from 'use-intl'
import type { NoticeChoices as Choices } from '#shared/api/notices.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { noticeChoices } from './api.ts'
import './notices.css'

/** Of what one wants to hear, here and by mail. Each switch holds at once. */
export function NoticeChoices() {
  const t = useTranslations('notices.choices')
  const { data, error, refetch } = useReading(noticeChoices)
  const choose = useChoosing(data)
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  return (
    <Matter title={t('title')} text={data && !data.canMail ? t('noMail') : t('text')}>
      {data ? (
        <table className="notice-choices">
          <thead>
            <tr>
              <th scope="col">{t('kind')}</th>
              <th scope="col">{t('inApp')}</th>
              <th scope="col">{t('byMail')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <tr key={item.kind}>
                <th scope="row">{t(`kinds.${item.kind}`)}</th>
                {(['inApp', 'byMail'] as const).map((way) => (
                  <td key={way}>
                    <input
                      className="toggle-box"
                      type="checkbox"
                      role="switch"
                      aria-label={`${t(`kinds.${item.kind}`)}: ${t(way)}`}
                      checked={item[way]}
                      disabled={way === 'byMail' && (!data.canMail || !item.inApp)}
                      onChange={(event) => void choose({ ...item, [way]: event.target.checked })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Shape look="rows" lines={5} />
      )}
    </Matter>
  )
}

type Item = Choices['items'][number]

function useChoosing(data: Choices | undefined) {
  const api = useApi()
  const say = useSay()
  const textOf = useFailureText()
  const { put } = useReadings()
  return async (chosen: Item) => {
    if (!data) return
    const next = chosen.inApp ? chosen : { ...chosen, byMail: false }
    put(noticeChoices, { ...data, items: data.items.map((item) => (item.kind === next.kind ? next : item)) })
    try {
      put(noticeChoices, await api.send<Choices>('PUT', '/notices/choices', next))
    } catch (failure) {
      put(noticeChoices, data)
      if (failure instanceof ApiFailure) say({ look: 'failed', text: textOf(failure) })
    }
  }
}

import { type ChangeEvent, useId } from 'react'
import { useTranslations } from 'use-intl'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { danmakuFile } from './api.ts'

/** Brings danmaku along from a file, over one's own film. */
export function DanmakuImport({ vid, done }: { vid: string; done(): void }) {
  const t = useTranslations('watch.danmaku')
  const api = useApi()
  const say = useSay()
  const textOf = useFailureText()
  const id = useId()
  async function bring({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    target.value = ''
    if (!file) return
    try {
      const answer = await api.send<{ added: number }>('POST', danmakuFile(vid), new Blob([file], { type: 'application/octet-stream' }))
      say({ look: 'done', text: t('imported', { count: answer.added }) })
      done()
    } catch (failure) {
      say({ look: 'failed', text: failure instanceof ApiFailure ? textOf(failure) : t('failed') })
    }
  }
  return (
    <>
      <label className="danmaku-import" htmlFor={id}>
        {t('import')}
      </label>
      <input id={id} className="unseen" type="file" accept=".xml,.ass,.ssa" onChange={(event) => void bring(event)} />
    </>
  )
}

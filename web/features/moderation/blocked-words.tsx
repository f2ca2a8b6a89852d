import { useTranslations } from 'use-intl'
import type { BlockedWords as Words } from '#shared/api/moderation.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { TextArea } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { blockedWords } from './api.ts'

/** One a line. */
export function BlockedWords() {
  const t = useTranslations('moderation.words')
  const api = useApi()
  const say = useSay()
  const { put } = useReadings()
  const { data, error, refetch } = useReading(blockedWords)
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  async function send({ words = '' }: Record<string, string>) {
    const lines = words.split('\n').map((line) => line.trim())
    put(blockedWords, await api.send<Words>('PUT', blockedWords.path, { words: [...new Set(lines.filter(Boolean))] }))
    say({ look: 'done', text: t('done') })
  }
  return (
    <Matter title={t('title')} text={t('text')}>
      {data ? (
        <Form action="/moderation/words" send={send}>
          <TextArea name="words" label={t('label')} defaultValue={data.words.join('\n')} rows={12} isOptional />
          <SaveButton />
        </Form>
      ) : (
        <Shape look="rows" lines={4} />
      )}
    </Matter>
  )
}

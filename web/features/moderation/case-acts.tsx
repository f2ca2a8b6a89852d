import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { DecideBody, ReportCase } from '#shared/api/moderation.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReadings } from '#web/lib/reading.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextArea } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { useSay } from '#web/ui/status.tsx'
import { sheetAddress } from './api.ts'

type What = DecideBody['what']

/** A decision asks for a reason, which the person concerned reads; that nothing is wrong needs none. */
export function CaseActs({ one }: { one: ReportCase }) {
  const t = useTranslations('moderation.cases')
  const api = useApi()
  const say = useSay()
  const { forget } = useReadings()
  const [asked, setAsked] = useState<What>()
  const offered: What[] =
    one.thing === 'person' ? ['act', 'dismiss'] : one.thing === 'danmaku' ? ['remove', 'dismiss'] : ['remove', 'hide', 'dismiss']

  async function decide(what: What, why: string) {
    await api.send('POST', `/moderation/cases/${one.id}/decide`, { what, ...(why ? { why } : {}) } satisfies DecideBody)
    setAsked(undefined)
    say({ look: 'done', text: t(`done.${what}`) })
    await forget('/moderation/cases')
  }

  return (
    <div className="form-acts">
      {offered.map((what) => (
        <Button key={what} size="small" look={what === 'remove' ? 'danger' : 'plain'} onClick={() => setAsked(what)}>
          {t(`acts.${what}`)}
        </Button>
      ))}
      {one.by ? (
        <ButtonLink size="small" look="bare" to={sheetAddress(one.by.username)}>
          {t('person')}
        </ButtonLink>
      ) : null}
      <Dialog title={asked ? t(`acts.${asked}`) : ''} isOpen={asked !== undefined} close={() => setAsked(undefined)}>
        {asked ? (
          <Form action="/moderation/cases" send={({ why = '' }) => decide(asked, why.trim())}>
            <p>{t(`texts.${asked}`)}</p>
            <TextArea name="why" label={t('why')} maxLength={500} rows={3} isOptional />
            <SaveButton text={t(`acts.${asked}`)} look={asked === 'remove' ? 'danger' : 'lamp'} />
          </Form>
        ) : null}
      </Dialog>
    </div>
  )
}

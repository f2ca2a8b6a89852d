import { type ReactNode, useCallback, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ReportBody } from '#shared/api/moderation.ts'
import { useApi } from '#web/lib/api-context.ts'
import { type Reported, ReportProvider } from '#web/lib/report.ts'
import { Choice } from '#web/ui/choice.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextArea } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { useSay } from '#web/ui/status.tsx'

const reasons = ['spam', 'abuse', 'illegal', 'sexual', 'violence', 'rights', 'other'] as const satisfies readonly ReportBody['reason'][]

/** One dialog for all that can be reported on a page. */
export function Reporting({ isPerson, children }: { isPerson: boolean; children: ReactNode }) {
  const t = useTranslations('films.report')
  const api = useApi()
  const say = useSay()
  const [thing, setThing] = useState<Reported>()
  const open = useCallback((next: Reported) => setThing(next), [])

  async function send({ reason = 'other', note = '' }: Record<string, string>) {
    if (!thing) return
    const known = reasons.find((one) => one === reason) ?? 'other'
    const body: ReportBody = { reason: known, ...(note.trim() ? { note: note.trim() } : {}) }
    await api.send('POST', `${thing.path}/report`, body)
    setThing(undefined)
    say({ look: 'done', text: t('done') })
  }

  return (
    <ReportProvider value={isPerson ? open : undefined}>
      {children}
      <Dialog title={t('title')} isOpen={thing !== undefined} close={() => setThing(undefined)}>
        <p className="report-what">{thing?.what}</p>
        <Form action="" send={send}>
          <Choice
            name="reason"
            label={t('reason')}
            defaultValue="spam"
            options={reasons.map((value) => ({ value, label: t(`reasons.${value}`) }))}
          />
          <TextArea name="note" label={t('note')} isOptional maxLength={1000} rows={3} />
          <SaveButton text={t('send')} />
        </Form>
      </Dialog>
    </ReportProvider>
  )
}

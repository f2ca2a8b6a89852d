import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { OwnProfile } from '#shared/api/accounts.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { keepDraft, readDraft } from './drafts.ts'

const most = 5000

type Props = {
  user: OwnProfile
  /** Where a browser without script sends it. */
  action: string
  /** Under this name what is not sent yet is kept. */
  draft: string
  replyTo?: { id: string; name: string }
  first?: string
  act: string
  send(text: string): Promise<unknown>
  leave?(): void
}

/** What is being written. Sent, it is gone from here; refused, it is back, with the reason. */
export function Composer({ user, action, draft, replyTo, first = '', act, send, leave }: Props) {
  const t = useTranslations('watch.comments')
  const { formToken, refused } = usePageState()
  const refusedHere = refused?.action === action && (refused.values['replyTo'] ?? '') === (replyTo?.id ?? '') ? refused : undefined
  const textOf = useFailureText()
  const [text, setText] = useState(refusedHere?.values['text'] ?? first)
  const [failure, setFailure] = useState<string | undefined>(refusedHere?.problem.text)
  const area = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    // What was typed before the page listened stands in the field alone.
    const kept = area.current?.value || readDraft(draft)
    if (kept) setText((before) => before || kept)
    if (leave) area.current?.focus()
  }, [draft, leave])

  function write(next: string) {
    setText(next)
    keepDraft(draft, next)
  }

  async function submit(event?: SubmitEvent) {
    event?.preventDefault()
    const written = text.trim()
    if (written === '') return
    setText('')
    setFailure(undefined)
    try {
      await send(written)
      keepDraft(draft, '')
      leave?.()
    } catch (reason) {
      write(written)
      setFailure(reason instanceof ApiFailure && reason.facts.kind === 'refused' ? textOf(reason) : t('failed'))
    }
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit()
    if (event.key === 'Escape' && leave && text === first) leave()
  }

  const label = replyTo ? t('replyTo', { name: replyTo.name }) : t('write')
  return (
    <form className="composer" method="post" action={action} onSubmit={submit}>
      <input type="hidden" name="formToken" value={formToken} />
      {replyTo ? <input type="hidden" name="replyTo" value={replyTo.id} /> : null}
      <Avatar person={user} />
      <div className="composer-main">
        <textarea
          className="control composer-text"
          name="text"
          ref={area}
          rows={1}
          maxLength={most}
          required
          value={text}
          aria-label={label}
          placeholder={replyTo ? label : t('placeholder')}
          onChange={(event) => write(event.target.value)}
          onKeyDown={press}
        />
        {failure ? (
          <p className="composer-failure" role="alert">
            {failure}
          </p>
        ) : null}
        <div className="composer-acts">
          {most - text.length < 500 ? <span className="composer-left">{t('left', { count: most - text.length })}</span> : null}
          {leave ? (
            <Button look="bare" size="small" onClick={leave}>
              {t('cancel')}
            </Button>
          ) : null}
          <Button type="submit" look="plain" size="small">
            {act}
          </Button>
        </div>
      </div>
    </form>
  )
}

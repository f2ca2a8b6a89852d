import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiFailure } from '#web/lib/failure.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { FailureText } from './failure-text.tsx'
import './form.css'

export type Values = Record<string, string>

type Props = {
  /** The page's own address for this form: where a browser without script sends it. */
  action: string
  send(values: Values): Promise<unknown>
  children: ReactNode
}

type FormState = { isSending: boolean; failure: ApiFailure | undefined; missing: readonly string[]; written: Values }

const Context = createContext<FormState>({ isSending: false, failure: undefined, missing: [], written: {} })

/** A form that works with and without script. What is wrong stands beside its field, the rest above; the first wrong field gets the focus. */
export function Form({ action, send, children }: Props) {
  const { formToken, refused } = usePageState()
  // An address may say besides where one wanted to go.
  const sentBefore = refused?.action === action.split('?')[0] ? refused : undefined
  const [failure, setFailure] = useState(() => sentBefore && toApiFailure(sentBefore.problem))
  const [missing, setMissing] = useState<string[]>([])
  const [isSending, setIsSending] = useState(false)
  const element = useRef<HTMLFormElement>(null)

  // Without script the browser's own checks help; with it ours do, in the language of the page.
  useEffect(() => {
    if (element.current) element.current.noValidate = true
  }, [])
  useEffect(() => {
    if (failure || missing.length > 0) focusOnWrong(element.current)
  }, [failure, missing])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (isSending) return
    const lacking = [...event.currentTarget.elements].filter(isEmptyThoughRequired).map(({ name }) => name)
    setMissing(lacking)
    if (lacking.length > 0) return setFailure(undefined)
    setIsSending(true)
    try {
      await send(valuesOf(event.currentTarget))
      setFailure(undefined)
    } catch (reason) {
      setFailure(reason instanceof ApiFailure ? reason : new ApiFailure({ kind: 'broken', status: 0 }, { cause: reason }))
    } finally {
      setIsSending(false)
    }
  }

  return (
    <Context value={{ isSending, failure, missing, written: sentBefore?.values ?? {} }}>
      <form className="form" ref={element} method="post" action={action} onSubmit={submit}>
        <input type="hidden" name="formToken" value={formToken} />
        <FormFailure failure={failure} />
        {children}
      </form>
    </Context>
  )
}

export function useForm(): FormState {
  return useContext(Context)
}

/** What stands beside the field of this name, if it is wrong. */
export function useFieldError(name: string): string | undefined {
  const t = useTranslations('shell')
  const { failure, missing } = useForm()
  return missing.includes(name) ? t('form.missing') : failure?.textFor(name)
}

function FormFailure({ failure }: { failure: ApiFailure | undefined }) {
  const id = useId()
  if (!failure || (failure.facts.kind === 'refused' && failure.facts.fields.length > 0)) return null
  return (
    <p className="form-failure" role="alert" id={id}>
      <FailureText failure={failure} />
    </p>
  )
}

function toApiFailure({ code, text, fields }: { code: string; text: string; fields: { path: string; text: string }[] }): ApiFailure {
  return new ApiFailure({ kind: 'refused', status: 400, code, text, fields })
}

function valuesOf(form: HTMLFormElement): Values {
  const entries = [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(entries.filter(([name]) => name !== 'formToken'))
}

function isEmptyThoughRequired(element: Element): element is HTMLInputElement {
  return 'required' in element && element.required === true && 'value' in element && element.value === ''
}

function focusOnWrong(form: HTMLFormElement | null) {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}

import type { FormEvent, ReactNode } from 'react'
import { usePageState } from '#web/lib/page-state.ts'
import './switch.css'

type Props<T extends string> = {
  /** The name of the choice; its form is sent to the address of the same name where there is no script. */
  name: string
  label: string
  options: readonly { value: T; label: ReactNode; lang?: string }[]
  chosen: T
  choose(value: T): void
}

/** A few buttons of which one is down. Each sends the form, so that it also works without script. */
export function SwitchForm<T extends string>({ name, label, options, chosen, choose }: Props<T>) {
  const { formToken } = usePageState()

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const value = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value')
    const option = options.find((known) => known.value === value)
    if (option) choose(option.value)
  }

  return (
    <form method="post" action={`/${name}`} onSubmit={submit}>
      <input type="hidden" name="formToken" value={formToken} />
      <fieldset className="switch">
        <legend className="unseen">{label}</legend>
        {options.map(({ value, label: text, lang }) => (
          <button key={value} className="switch-option" type="submit" name={name} value={value} lang={lang} aria-pressed={value === chosen}>
            {text}
          </button>
        ))}
      </fieldset>
    </form>
  )
}

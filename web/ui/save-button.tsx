import { useTranslations } from 'use-intl'
import { Button, type ButtonLook } from './button.tsx'
import { useForm } from './form.tsx'

/** The button of a form, which knows whether it is on its way. */
export function SaveButton({ text, look = 'plain' }: { text?: string; look?: ButtonLook }) {
  const t = useTranslations('shell')
  const { isSending } = useForm()
  return (
    <div className="form-acts">
      <Button look={look} type="submit" isBusy={isSending}>
        {text ?? t('words.save')}
      </Button>
    </div>
  )
}

import { type ComponentProps, type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFieldError, useForm } from './form.tsx'
import { EyeIcon, EyeOffIcon } from './icons.tsx'
import { Labelled, type LabelledParts } from './labelled.tsx'
import './field.css'

type Frame = { name: string; label: string; hint?: ReactNode; isOptional?: boolean }

type FieldParts = LabelledParts & { name: string; required: boolean }

/** A control of a form: it has its error from there. */
function Field({ name, label, hint, isOptional = false, children }: Frame & { children(parts: FieldParts): ReactNode }) {
  const t = useTranslations('shell')
  const optional = isOptional ? <span className="field-optional">{t('form.optional')}</span> : null
  return (
    <Labelled
      hint={hint}
      error={useFieldError(name)}
      label={
        <>
          {label}
          {optional}
        </>
      }
    >
      {(parts) => children({ ...parts, name, required: !isOptional })}
    </Labelled>
  )
}

type InputProps = Frame & Omit<ComponentProps<'input'>, 'name' | 'id' | 'required' | 'className'>

export function TextField({ name, label, hint, isOptional = false, defaultValue, ...rest }: InputProps) {
  const { written } = useForm()
  return (
    <Field name={name} label={label} hint={hint} isOptional={isOptional}>
      {(parts) => <input className="control" type="text" defaultValue={written[name] ?? defaultValue} {...rest} {...parts} />}
    </Field>
  )
}

type AreaProps = Frame & Omit<ComponentProps<'textarea'>, 'name' | 'id' | 'required' | 'className'>

export function TextArea({ name, label, hint, isOptional = false, defaultValue, ...rest }: AreaProps) {
  const { written } = useForm()
  return (
    <Field name={name} label={label} hint={hint} isOptional={isOptional}>
      {(parts) => <textarea className="control control-area" rows={4} defaultValue={written[name] ?? defaultValue} {...rest} {...parts} />}
    </Field>
  )
}

type PasswordProps = Frame & { autoComplete: 'current-password' | 'new-password' }

export function PasswordField({ name, label, hint, autoComplete }: PasswordProps) {
  const t = useTranslations('shell')
  const [isShown, setIsShown] = useState(false)
  return (
    <Field name={name} label={label} hint={hint}>
      {(parts) => (
        <span className="control-pair">
          <input
            className="control"
            type={isShown ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            {...parts}
          />
          <button
            className="control-eye"
            type="button"
            aria-pressed={isShown}
            aria-controls={parts.id}
            onClick={() => setIsShown(!isShown)}
          >
            {isShown ? <EyeOffIcon label={t('form.showPassword')} /> : <EyeIcon label={t('form.showPassword')} />}
          </button>
        </span>
      )}
    </Field>
  )
}

/** The six digits of a second factor, or a recovery code. Phones offer the digits from the message or the app. */
export function CodeField({
  name,
  label,
  hint,
  allowsLetters = false,
  autoFocus,
}: Frame & { allowsLetters?: boolean; autoFocus?: boolean }) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(parts) => (
        <input
          className="control control-code"
          type="text"
          inputMode={allowsLetters ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={allowsLetters ? 32 : 9}
          autoFocus={autoFocus}
          {...parts}
        />
      )}
    </Field>
  )
}

type SelectProps = Frame & Omit<ComponentProps<'select'>, 'name' | 'id' | 'required' | 'className'>

export function SelectField({ name, label, hint, isOptional = true, defaultValue, children, ...rest }: SelectProps) {
  const { written } = useForm()
  return (
    <Field name={name} label={label} hint={hint}>
      {(parts) => (
        <select className="control control-select" defaultValue={written[name] ?? defaultValue} {...rest} {...parts} required={!isOptional}>
          {children}
        </select>
      )}
    </Field>
  )
}

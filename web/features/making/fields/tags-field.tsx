import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { CloseIcon } from '#web/ui/icons.tsx'
import { addTags, longestTag, mostTags } from './film-fields.ts'
import { Labelled } from '#web/ui/labelled.tsx'
import './tags-field.css'

type Props = { tags: readonly string[]; write(tags: readonly string[]): void; error?: string | undefined }

/** Words that become tags by Enter, a comma or by leaving the field; Backspace in an empty field takes the last one back. */
export function TagsField({ tags, write, error }: Props) {
  const t = useTranslations('making.fields')
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)

  function take(words: string) {
    const next = addTags(tags, words)
    if (next.length > tags.length) write(next)
    setText('')
  }

  function press(event: KeyboardEvent<HTMLInputElement>) {
    // Enter also ends a word of an input method: that one is not ours.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      take(text)
    } else if (event.key === 'Backspace' && text === '' && tags.length > 0) write(tags.slice(0, -1))
  }

  function paste(event: ClipboardEvent<HTMLInputElement>) {
    const pasted = event.clipboardData.getData('text')
    if (!/[,，、\n\t]/.test(pasted)) return
    event.preventDefault()
    take(`${text}${pasted}`)
  }

  function type(value: string) {
    if (/[,，、]/.test(value)) take(value)
    else setText(value)
  }

  function remove(tag: string) {
    write(tags.filter((other) => other !== tag))
    input.current?.focus()
  }

  return (
    <Labelled label={t('tags')} hint={t('tagsHint', { most: mostTags })} error={error}>
      {(parts) => (
        <span className="tags-box control">
          {tags.map((tag) => (
            <span className="tag" key={tag}>
              {tag}
              <button className="tag-remove" type="button" aria-label={t('removeTag', { tag })} onClick={() => remove(tag)}>
                <CloseIcon />
              </button>
            </span>
          ))}
          <input
            {...parts}
            ref={input}
            className="tags-input"
            type="text"
            value={text}
            maxLength={longestTag}
            disabled={tags.length >= mostTags}
            autoComplete="off"
            enterKeyHint="done"
            onChange={(event) => type(event.target.value)}
            onKeyDown={press}
            onPaste={paste}
            onBlur={() => take(text)}
          />
        </span>
      )}
    </Labelled>
  )
}

import { useEffect, useEffectEvent } from 'react'
import { actOnKey, belongsElsewhere, type KeyParts } from './keys.ts'

/** The keyboard is the player's while its page is open, wherever the focus is, except where somebody writes. */
export function useKeys(parts: KeyParts, isOn: boolean): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || belongsElsewhere(event) || document.querySelector('dialog[open]')) return
    if (event.key === 'Escape' && parts.player.store.get().full === 'window') return void parts.player.setFull('no')
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (actOnKey(key, parts)) event.preventDefault()
  })
  useEffect(() => {
    if (!isOn) return
    const listen = (event: KeyboardEvent) => press(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [isOn])
}

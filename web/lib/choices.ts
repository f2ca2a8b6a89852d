export type ChoiceName = 'theme' | 'language' | 'timezone'

const yearS = 365 * 86_400

/** Choices of people who are not signed in, and of this device: the server reads them with the next page. */
export function keepChoice(name: ChoiceName, value: string): void {
  const isSecure = location.protocol === 'https:'
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is missing where plain HTTP is
  document.cookie = `${isSecure ? '__Host-' : ''}${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${yearS}; SameSite=Lax${isSecure ? '; Secure' : ''}`
  if ('serviceWorker' in navigator) navigator.serviceWorker.controller?.postMessage('choices')
}

export function keptChoice(name: ChoiceName): string | undefined {
  const found = new RegExp(`(?:^|; )(?:__Host-)?${name}=([^;]*)`).exec(document.cookie)
  return found?.[1] === undefined ? undefined : decodeURIComponent(found[1])
}

const yearS = 365 * 86_400

/** Choices of people who are not signed in, and of this device: the server reads them with the next page. */
export function keepChoice(name: 'theme' | 'language' | 'timezone', value: string): void {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is missing where plain HTTP is
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${yearS}; SameSite=Lax${secure}`
}

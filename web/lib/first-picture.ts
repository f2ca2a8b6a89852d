const isServer = typeof document === 'undefined'
let isAwake = false

/** Whether what is rendered now is the first picture of a page: on the server, or in the browser over what the server wrote, before the page has woken. */
export function isFirstPicture(): boolean {
  return !isAwake
}

/** Whether what is rendered now stands on the page already, as the server wrote it. */
export function isWrittenAlready(): boolean {
  return !isServer && !isAwake
}

/** Said once, by the page, when all of it has woken. */
export function wakeUp(): void {
  isAwake = true
}

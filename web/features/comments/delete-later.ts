const graceMs = 6000

/** Done after a moment in which it can be taken back; at once, when the page is left before. */
export function deleteLater(address: string, act: () => Promise<void>): { undo(): void } {
  const timer = setTimeout(() => {
    removeEventListener('pagehide', leave)
    void act()
  }, graceMs)
  function leave() {
    clearTimeout(timer)
    void fetch(address, { method: 'DELETE', keepalive: true }).catch(() => undefined)
  }
  addEventListener('pagehide', leave, { once: true })
  return {
    undo() {
      clearTimeout(timer)
      removeEventListener('pagehide', leave)
    },
  }
}

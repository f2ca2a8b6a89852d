/**
 * The first and smallest of the scripts. A page is there to be read before the others have run: its links and forms work by themselves; a press of another
 * button is remembered here, and given to the button when that listens. It shares nothing with the others, so that it is one file and waits for none.
 */
const pressed = new Set<HTMLElement>()
/** What opens a menu needs no script, and would close it if it were pressed again. */
const heard = 'button[type="button"]:not([popovertarget])'

function remember({ target }: Event): void {
  const button = target instanceof Element ? target.closest<HTMLElement>(heard) : null
  if (button) pressed.add(button)
}

document.addEventListener('click', remember, { capture: true, passive: true })
document.addEventListener('matinee-awake', replay, { once: true })
void runParts().catch(reportError)

/** All of the page listens now. */
function replay(): void {
  document.removeEventListener('click', remember, { capture: true })
  for (const button of pressed) if (button.isConnected) button.click()
  pressed.clear()
}

/** What the document asked for is run in its order, each file by itself: a slow phone would hear nobody while it runs all of them in one go. */
async function runParts(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } }
  for (const { href } of document.querySelectorAll<HTMLLinkElement>('link[rel="modulepreload"][data-run]')) {
    await import(/* @vite-ignore */ href)
    await (scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve)))
  }
}

/**
 * The first and smallest of the scripts. A page is there to be read before the others have run: its links and forms work by themselves; a press of another
 * button is remembered here, and given to the button when that listens.
 */
const pressed = new Set<HTMLElement>()
/** What opens a menu needs no script, and would close it if it were pressed again. */
const heard = 'button[type="button"]:not([popovertarget])'

function remember({ target }: Event): void {
  const button = target instanceof Element ? target.closest<HTMLElement>(heard) : null
  if (button) pressed.add(button)
}

document.addEventListener('click', remember, { capture: true, passive: true })
void runParts().catch(reportError)

export function replayEarlyClicks(): void {
  document.removeEventListener('click', remember, { capture: true })
  for (const button of pressed) if (button.isConnected) button.click()
  pressed.clear()
}

type Scheduling = { scheduler?: { yield?(): Promise<void> } }

/** Lets the browser paint and hear before the next piece of work. */
export function breath(): Promise<void> {
  const { scheduler } = globalThis as Scheduling
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve))
}

/** What the document asked for is run in its order, each file by itself: a slow phone would hear nobody while it runs all of them in one go. */
async function runParts(): Promise<void> {
  for (const { href } of document.querySelectorAll<HTMLLinkElement>('link[rel="modulepreload"][data-run]')) {
    await import(/* @vite-ignore */ href)
    await breath()
  }
}

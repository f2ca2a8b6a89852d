/** Pages demand that addresses of scripts are vouched for; this is the one place that vouches, for one constant. */
export function installWorker(): void {
  if (!('serviceWorker' in navigator)) return
  const address = '/sw.js'
  const policy = trustedTypes()?.createPolicy('matinee', { createScriptURL: (url) => (url === address ? url : '') })
  const trusted = policy ? policy.createScriptURL(address) : address
  // Where it cannot be installed (private windows, plain HTTP) the app works without it.
  navigator.serviceWorker.register(trusted as string, { scope: '/' }).catch(() => undefined)
  if (location.pathname === '/') setTimeout(() => void keepHome(), restMs)
}

/** Long after everything that people wait for has come. */
const restMs = 15_000

async function keepHome(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage('home')
}

type TrustedTypes = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown }
}

function trustedTypes(): TrustedTypes | undefined {
  return (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
}

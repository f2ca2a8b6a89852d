/// <reference lib="webworker" />
import { isAsset, isPage, isPoster, posters, shellFiles, withTheme } from './offline-rules.ts'

declare const self: ServiceWorkerGlobalScope
/** Changes with every build, so that a new build brings a new worker and a new store. */
declare const buildName: string

const storeName = `shell-${buildName}`
const offlinePage = '/offline'
const homePage = '/'

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
// Another language or theme was chosen: what is kept is made anew. Or somebody is at home, and has the time.
self.addEventListener('message', (event) => event.waitUntil(event.data === 'home' ? keepHome() : keepOfflinePage()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin } = self.location
  // Nothing else is touched: no film, no answer of the API, no form ever passes through here.
  if (isPage(request)) event.respondWith(fetch(request).catch(() => offline(request)))
  else if (isPoster(request, origin)) event.respondWith(fetch(request).catch(() => keptPoster(request)))
  else if (isAsset(request, origin)) event.respondWith(asset(request))
})

async function install(): Promise<void> {
  await keepOfflinePage()
  await self.skipWaiting()
}

/** It is the same for everybody but for language and theme: the server renders it without asking who looks. */
async function keepOfflinePage(): Promise<void> {
  const store = await caches.open(storeName)
  const page = await fetch(offlinePage)
  if (!page.ok) throw new Error(`The offline page answered ${page.status}.`)
  const files = shellFiles(await page.clone().text())
  await Promise.all([store.put(offlinePage, page), store.addAll(files)])
}

/** As a stranger sees it: nothing of whoever is signed in stays on the device. */
async function keepHome(): Promise<void> {
  const store = await caches.open(storeName)
  const shell = (await (await store.match(offlinePage))?.text()) ?? ''
  const [, language = '', theme = ''] = /<html lang="([\w-]+)" data-theme="(\w*)"/.exec(shell) ?? []
  const page = await fetch(homePage, { credentials: 'omit', headers: { 'accept-language': language } })
  if (!page.ok || page.redirected) return
  const html = withTheme(await page.text(), theme)
  const headers = new Headers(page.headers)
  for (const name of ['content-encoding', 'content-length', 'set-cookie', 'vary']) headers.delete(name)
  await store.put(homePage, new Response(html, { headers }))
  await Promise.allSettled(
    [...shellFiles(html), ...posters(html)].map(async (file) => (await store.match(file)) ?? (await store.add(file))),
  )
}

async function activate(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('shell-') && name !== storeName).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function offline({ url }: Request): Promise<Response> {
  const store = await caches.open(storeName)
  const home = new URL(url).pathname === homePage ? await store.match(homePage, { ignoreVary: true }) : undefined
  return home ?? (await store.match(offlinePage)) ?? Response.error()
}

/** In whichever size it was kept. */
async function keptPoster(request: Request): Promise<Response> {
  const store = await caches.open(storeName)
  const avif = new URL(request.url).pathname.replace(/\w+$/, 'avif')
  return (await store.match(avif, { ignoreSearch: true, ignoreVary: true })) ?? Response.error()
}

/** Names of assets hold the hash of their content: what is stored is right for ever. */
async function asset(request: Request): Promise<Response> {
  const store = await caches.open(storeName)
  const stored = await store.match(request)
  if (stored) return stored
  const answer = await fetch(request)
  if (answer.ok) await store.put(request, answer.clone())
  return answer
}

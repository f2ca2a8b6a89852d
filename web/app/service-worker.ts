/// <reference lib="webworker" />
import { isAsset, isPage, shellFiles } from './offline-rules.ts'

declare const self: ServiceWorkerGlobalScope
/** Changes with every build, so that a new build brings a new worker and a new store. */
declare const buildName: string

const storeName = `shell-${buildName}`
const offlinePage = '/offline'

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
// Another language or theme was chosen: the page that is kept is made anew.
self.addEventListener('message', (event) => event.waitUntil(keepOfflinePage()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin } = self.location
  // Nothing else is touched: no media, no answer of the API, no form ever passes through here.
  if (isPage(request)) event.respondWith(fetch(request).catch(() => offline()))
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

async function activate(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('shell-') && name !== storeName).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function offline(): Promise<Response> {
  const store = await caches.open(storeName)
  return (await store.match(offlinePage)) ?? Response.error()
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

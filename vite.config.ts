import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compiledLocales } from './web/build/compiled-locales.ts'
import { icons } from './web/build/icons.ts'
import { packedAssets } from './web/build/packed-assets.ts'
import { quietSignals } from './web/build/quiet-signals.ts'
import { serviceWorker } from './web/build/service-worker.ts'

const formatter = fileURLToPath(new URL('web/lib/format-message.ts', import.meta.url))

/** Two builds of one app: what the browser loads (dist/web) and what renders the same pages on the server (dist/web-server). */
export default defineConfig(({ isSsrBuild }) => ({
  publicDir: false,
  plugins: [react(), compiledLocales(formatter), ...(isSsrBuild ? [] : [quietSignals(), icons(), serviceWorker(), packedAssets()])],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: isSsrBuild ? serverBuild : clientBuild,
  ...(isSsrBuild ? { ssr: { noExternal: true as const } } : {}),
}))

const clientBuild = {
  outDir: 'dist/web',
  manifest: 'manifest.json',
  target: 'es2023',
  // No data: addresses: the content security policy allows none.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  rolldownOptions: {
    input: { early: 'web/app/entry-early.ts', app: 'web/app/entry-client.tsx' },
    output: {
      codeSplitting: {
        groups: [
          { name: 'react', test: /\/node_modules\/(react|react-dom|scheduler)\/|\/web\/app\/first-react\.ts/, priority: 1 },
          { name: 'house', test: isOfEveryPage },
        ],
      },
    },
  },
}

const serverBuild = {
  outDir: 'dist/web-server',
  ssr: true,
  minify: false,
  rolldownOptions: { input: { 'entry-server': 'web/app/entry-server.ts' } },
}

/**
 * What nearly every page stands on travels as one script and one stylesheet: on a slow line each further file costs a place in the queue. The live
 * line, what plays films and what draws QR codes are fetched when they are wanted. The entry waits for pages that stand on the rest: it is no part of it.
 */
function isOfEveryPage(id: string): boolean {
  return (
    /\/(web\/(app|ui|lib|features\/(films|frame|home|preferences))|node_modules|shared)\//.test(id) &&
    !/\/((entry-client|entry-early)\.tsx?|socket([/.]|$)|uqr\/|hls\.js\/|thumbhash\/|locales\/|messages\/)/.test(id)
  )
}

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

/** Builds the service worker to one file of a fixed name. Its store is named after the build, so that each build has its own. */
export function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const buildName = createHash('sha256').update(Object.keys(bundle).sort().join('\n')).digest('hex').slice(0, 12)
      const source = await bundled(fileURLToPath(new URL('../app/service-worker.ts', import.meta.url)), buildName)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

async function bundled(entry: string, buildName: string): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    define: { buildName: JSON.stringify(buildName) },
    build: { write: false, target: 'es2023', rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: 'sw.js' } } },
  })
  const [first] = Array.isArray(made) ? made : [made]
  const chunk = first && 'output' in first ? first.output[0] : undefined
  if (!chunk) throw new Error('The service worker came to nothing.')
  return chunk.code
}

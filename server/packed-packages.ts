import { readFileSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * Loads packages of hundreds of files from the one file each into which scripts/pack-packages.mjs has packed them. Where that has not
 * happened, or node_modules is newer, they are loaded as ever.
 */
export function usePackedPackages(root: string): void {
  const files = findPacked(root)
  if (!files) return
  const ours = pathToFileURL(`${root}/`).href
  const others = [`${ours}node_modules/`, `${ours}dist/packages/`]
  registerHooks({
    resolve(specifier, context, next) {
      const file = files[specifier]
      const parent = context.parentURL ?? ''
      if (file === undefined || !parent.startsWith(ours) || others.some((folder) => parent.startsWith(folder)))
        return next(specifier, context)
      return { url: `${ours}dist/packages/${file}`, format: 'module', shortCircuit: true }
    },
  })
}

function findPacked(root: string): Record<string, string> | undefined {
  try {
    const packed = JSON.parse(readFileSync(`${root}/dist/packages/packed.json`, 'utf8')) as {
      installedMs: number
      files: Record<string, string>
    }
    return statSync(`${root}/node_modules/.package-lock.json`).mtimeMs === packed.installedMs ? packed.files : undefined
  } catch {
    return undefined
  }
}

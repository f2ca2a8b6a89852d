import { readFileSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * Loads packages of hundreds of files from the one file each into which scripts/pack-packages.mjs has packed them. Where that has not
 * happened, or node_modules is newer, they are loaded as ever.
 */
export function usePackedPackages(root: string): void {
  const files = findPacked(root) ?? {}
  const ours = pathToFileURL(`${root}/`).href
  const others = [`${ours}node_modules/`, `${ours}dist/packages/`]
  registerHooks({
    resolve(specifier, context, next) {
      const parent = context.parentURL ?? ''
      if (!parent.startsWith(ours) || others.some((folder) => parent.startsWith(folder))) return next(specifier, context)
      // Our files say exactly where they lead: nothing has to be looked for, which would take as long as loading does.
      if (specifier.endsWith('.ts')) return { url: toOwnFile(specifier, { ours, parent }), format: 'module-typescript', shortCircuit: true }
      const file = files[specifier]
      return file === undefined ? next(specifier, context) : { url: `${ours}dist/packages/${file}`, format: 'module', shortCircuit: true }
    },
  })
}

/** `#server/http/route.ts` stands for that path below the root, as package.json has it; `./route.ts` lies beside who asks. */
function toOwnFile(specifier: string, { ours, parent }: { ours: string; parent: string }): string {
  return specifier.startsWith('#') ? `${ours}${specifier.slice(1)}` : new URL(specifier, parent).href
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

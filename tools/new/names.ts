/** One name in every spelling that the house has. */
export type Names = { kebab: string; camel: string; Pascal: string; snake: string; words: string }

/** Undefined: not a name that a folder may have. */
export function parseName(text: string): Names | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) || text.length > 40) return undefined
  const parts = text.split('-')
  const Pascal = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
  return { kebab: text, camel: Pascal.charAt(0).toLowerCase() + Pascal.slice(1), Pascal, snake: parts.join('_'), words: parts.join(' ') }
}

export function fill(template: string, names: Names, more: Record<string, string> = {}): string {
  const values: Record<string, string> = { ...names, ...more }
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole)
}

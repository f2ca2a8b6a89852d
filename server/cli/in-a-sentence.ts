const schemas = new Set(['NewerSchema', 'SchemaChanged', 'HalfRestored'])

type Fault = Error & { code?: unknown; syscall?: unknown; path?: unknown; port?: unknown; address?: unknown }

/** What stands in the way of a start and is no fault of ours, for whoever started it; undefined: it is a fault of ours. */
export function inASentence(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (schemas.has(error.name)) return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
  const { code, syscall, path, port, address } = error as Fault
  if (typeof code !== 'string') return undefined
  if (syscall === 'listen') return atTheDoor(code, String(port), String(address))
  if (code.startsWith('ER_') || ['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code))
    return `A server that the configuration names can not be used: ${error.message}. matinee doctor says which, and what to do.`
  if (code === 'EEXIST' && syscall === 'mkdir' && typeof path === 'string')
    return `${path} is a file, and a folder is needed there: name another one with --data.`
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code) && typeof path === 'string')
    return `${path} can not be written (${code}). Give it to the user that runs Matinee (chown), or name another folder with --data.`
  return undefined
}

function atTheDoor(code: string, port: string, address: string): string | undefined {
  if (code === 'EADDRINUSE') return `Port ${port} is in use: choose another with --port, or end what holds it.`
  if (code === 'EACCES') return `Port ${port} needs more rights: choose one above 1023 with --port, and put Nginx in front.`
  if (code === 'EADDRNOTAVAIL') return `${address} is no address of this machine: mend http.host, or leave it out.`
  return undefined
}

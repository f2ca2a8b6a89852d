import { createHash } from 'node:crypto'
import { Agent, get } from 'node:http'

export type Place = { port: number; path: string; headers?: Record<string, string> }

/** Asks so many times over so many connections. Each answer must be the same bytes to the last, or the run is void. */
export async function receive(place: Place, load: { connections: number; requests: number; sha256: string }): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  let left = load.requests
  let bytes = 0
  const ask = async () => {
    while (left-- > 0) {
      const more = await fetchOnce(place, agent, load.sha256)
      // Added when it is there: a sum that is read before the wait forgets what the others received meanwhile.
      bytes += more
    }
  }
  try {
    await Promise.all(Array.from({ length: load.connections }, ask))
    return bytes
  } finally {
    agent.destroy()
  }
}

export function fetchOnce(place: Place, agent: Agent, sha256?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port: place.port, path: place.path, headers: place.headers, agent }, (answer) => {
      const hash = sha256 === undefined ? undefined : createHash('sha256')
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
        hash?.update(part)
      })
      answer.once('error', reject)
      answer.once('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`${place.path} answered ${answer.statusCode}`))
        else if (hash && hash.digest('hex') !== sha256) reject(new Error(`${place.path} answered other bytes`))
        else resolve(bytes)
      })
    })
    request.once('error', reject)
  })
}

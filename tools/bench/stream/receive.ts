import { Agent, get } from 'node:http'

export type Place = { port: number; path: string; headers?: Record<string, string> }

/**
 * Asks so many times over so many connections. Each answer must be the same bytes to the last, or the run is void; they are compared and not hashed:
 * a receiver that is slower than who sends would measure itself.
 */
export async function receive(place: Place, load: { connections: number; requests: number; expected: Uint8Array }): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  let left = load.requests
  const ask = async () => {
    while (left-- > 0) await fetchOnce(place, agent, load.expected)
  }
  try {
    await Promise.all(Array.from({ length: load.connections }, ask))
    return load.requests * load.expected.length
  } finally {
    agent.destroy()
  }
}

export function fetchOnce(place: Place, agent: Agent, expected?: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port: place.port, path: place.path, headers: place.headers, agent }, (answer) => {
      let bytes = 0
      let isSame = true
      answer.on('data', (part: Buffer) => {
        const end = bytes + part.length
        if (expected) isSame &&= end <= expected.length && part.compare(expected, bytes, end) === 0
        bytes = end
      })
      answer.once('error', reject)
      answer.once('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`${place.path} answered ${answer.statusCode}`))
        else if (expected && !(isSame && bytes === expected.length)) reject(new Error(`${place.path} answered other bytes`))
        else resolve(bytes)
      })
    })
    // An agent that is destroyed tells those it breaks off more than once.
    request.on('error', reject)
  })
}

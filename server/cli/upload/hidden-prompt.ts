import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** Asks for what is not to be seen. */
export async function askHidden(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  // In raw mode Ctrl-C is a key like any other: it is made a signal again.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await lines.question('', { signal })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

import { connect } from 'node:net'
import { md5 } from './component.ts'

const inOneBreath = 50
/** After so many a byte is left out, so that they do not become one piece. */
const gapEvery = 64
const byte = Buffer.from('a')
/** Not that of anybody else: what one address may ask for is limited. */
const localAddress = '127.0.0.2'

/**
 * Blocks of one byte, as quickly as they are answered: on each line some are written before the first is answered. How often
 * what was answered.
 */
export async function sendCrumbs(uploadUrl: string, { from, count, lines }: { from: number; count: number; lines: number }) {
  const answers: Record<string, number> = {}
  let next = 0
  const line = async () => {
    const { hostname, port } = new URL(uploadUrl)
    const socket = connect({ port: Number(port), host: hostname, localAddress })
    let text = ''
    let heard = () => {}
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      heard()
    })
    const ended = new Promise<never>((_, reject) => socket.once('error', reject).once('close', () => reject(new Error('cut off'))))
    ended.catch(() => {})
    while (next < count) {
      const batch = Array.from({ length: Math.min(inOneBreath, count - next) }, () => crumb(uploadUrl, place(from, next++)))
      socket.write(Buffer.concat(batch))
      for (let open = batch.length; open > 0; ) {
        const said = [...text.matchAll(/"retCode":"(\d+)"/g)]
        const last = said.at(-1)
        if (last) text = text.slice(last.index + last[0].length)
        for (const [, code = ''] of said) answers[code] = (answers[code] ?? 0) + 1
        open -= said.length
        if (open > 0) await Promise.race([ended, new Promise<void>((resolve) => (heard = resolve))])
      }
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: lines }, line))
  return answers
}

const place = (from: number, n: number) => from + n + Math.floor(n / gapEvery)

function crumb(uploadUrl: string, at: number): Buffer {
  const { pathname, search } = new URL(uploadUrl)
  const field = (name: string, value: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const fields = field('startByte', String(at)) + field('endByte', String(at + 1)) + field('partMd5', md5(byte))
  const body = `${fields}--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n${byte.toString()}\r\n--b--\r\n`
  const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.from(head + body, 'latin1')
}

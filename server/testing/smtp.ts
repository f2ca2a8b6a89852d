import { createServer, type Socket } from 'node:net'

type Manner = { refuses?: 'recipient' | 'password'; isSilent?: boolean }

/** A mail server that keeps what it is given: as much of RFC 5321 as a letter needs. */
export async function openSmtp(manner: Manner = {}) {
  const letters: { from: string; to: string[]; data: string }[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    if (!manner.isSilent) speak(socket)
  })
  const speak = (socket: Socket) => {
    let letter = { from: '', to: [] as string[], data: '' }
    let isData = false
    let heard = ''
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 test ESMTP')
    const obey = (line: string) => {
      if (isData) {
        if (line !== '.') letter.data += `${line}\n`
        else {
          isData = false
          letters.push(letter)
          letter = { from: '', to: [], data: '' }
          say('250 taken')
        }
        return
      }
      commands.push(line)
      const [verb = ''] = line.toUpperCase().split(/[ :]/)
      if (verb === 'EHLO') say('250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN')
      else if (verb === 'AUTH') say(manner.refuses === 'password' ? '535 no' : '235 welcome')
      else if (verb === 'MAIL') {
        letter.from = line
        say('250 ok')
      } else if (verb === 'RCPT' && manner.refuses === 'recipient') say('550 no such person')
      else if (verb === 'RCPT') {
        letter.to.push(line)
        say('250 ok')
      } else if (verb === 'STARTTLS') say('502 what is that')
      else if (verb === 'DATA') {
        isData = true
        say('354 go on')
      } else if (verb === 'QUIT') socket.end('221 bye\r\n')
      else say('250 ok')
    }
    socket.on('data', (chunk) => {
      heard += String(chunk)
      for (let end = heard.indexOf('\r\n'); end >= 0; end = heard.indexOf('\r\n')) {
        const line = heard.slice(0, end)
        heard = heard.slice(end + 2)
        obey(line)
      }
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { letters, commands, port, [Symbol.asyncDispose]: close }
}

/** What a person reads of it. */
export function decodeLetter(data: string): string {
  const [head = '', ...body] = data.split('\n\n')
  const text = body.join('\n\n')
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString()
  const bytes = text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /quoted/i.test(head) ? Buffer.from(bytes, 'latin1').toString() : text
}

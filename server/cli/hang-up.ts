import { closeSync, openSync } from 'node:fs'

/**
 * SIGHUP says two things. From the system: the window in which the program sits has been closed, or the line to it broke; then it ends as by SIGTERM.
 * From an admin, or where there is no terminal: read the configuration again. Under nohup, which takes the terminal away from it, it goes on.
 */
export function onHangUp(reload: () => void): void {
  const sitsInTerminal = Boolean(process.stdin.isTTY)
  process.on('SIGHUP', () => {
    if (!sitsInTerminal || isTerminalThere()) return reload()
    // What is still said has no reader, and must not be what ends it.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    process.kill(process.pid, 'SIGTERM')
  })
}

function isTerminalThere(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

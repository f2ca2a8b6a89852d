import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startProcess, until } from './part-process.ts'

export type NginxPart = AsyncDisposable & {
  readonly url: string
  readonly port: number
  /** Reads the configuration anew; connections under way go on. */
  reload(http: NginxConfig): Promise<void>
  kill(): Promise<void>
  restart(): Promise<void>
  output(): string
}

/** What stands within `http { … }`, told the port on which it must listen. */
export type NginxConfig = (place: { port: number; folder: string }) => string

/** A front of one's own, on a free port, with all its files in a folder of its own. */
export async function openNginx(http: NginxConfig): Promise<NginxPart> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-nginx-'))
  const [port = 0] = await freePorts(1)
  await mkdir(join(folder, 'temp'))
  const write = (config: NginxConfig) => writeFile(join(folder, 'nginx.conf'), wrap(folder, config({ port, folder })))
  const start = async () => {
    const started = startProcess('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
      group: true,
      env: { PATH: `${process.env.PATH}:/usr/sbin` },
    })
    await until(() => accepts(port), { what: 'the start of Nginx', processes: [started] })
    return started
  }
  await write(http)
  let running = await start()
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async reload(config) {
      await write(config)
      running.child.kill('SIGHUP')
      await until(async () => running.output().includes('reconfiguring'), { what: 'the reload of Nginx', processes: [running] })
    },
    kill: () => running.kill(),
    async restart() {
      if (!running.hasEnded()) await running.kill('SIGQUIT')
      running = await start()
    },
    output: () => running.output(),
    async [Symbol.asyncDispose]() {
      if (!running.hasEnded()) await running.kill('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** In the foreground, as one worker, with every path in its own folder. */
function wrap(folder: string, http: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/temp/${name};`)
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr notice;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 4096; }
http { access_log off; ${paths.join(' ')}
${http}
}`
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await new Promise<void>((ready, refuse) => socket.once('connect', ready).once('error', refuse))
    return true
  } finally {
    socket.destroy()
  }
}

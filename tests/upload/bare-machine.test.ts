import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isLong } from '#server/testing/grounds.ts'
import { freePorts, startProcess, until } from '#server/testing/parts/part-process.ts'
import { md5, root } from './component.ts'

const run = promisify(execFile)

/**
 * A root of its own: of this machine only its programs, of Matinee what git has of it. Packages are those that lie here, unless the test is a long one:
 * then they come as the recipe says.
 */
const bareRoot = (isWhole: boolean) => `
set -e
bare=$1 checkout=$2
mount -t tmpfs none "$bare"
mkdir -p "$bare"/{usr,dev,proc,etc,tmp,root,srv,run,home,var/lib,var/cache,opt/matinee}
for name in bin sbin lib lib64; do [ -e /$name ] && ln -s usr/$name "$bare/$name"; done
mount --rbind /usr "$bare/usr"; mount --rbind /dev "$bare/dev"; mount --rbind /proc "$bare/proc"
cp -aL /etc/passwd /etc/group /etc/hosts /etc/resolv.conf /etc/nsswitch.conf /etc/ssl /etc/ld.so.cache /etc/alternatives /etc/login.defs "$bare/etc/" 2>/dev/null || true
git -C "$checkout" ls-files -z | tar -C "$checkout" --null -T - -cf - | tar -C "$bare/opt/matinee" -xf -
${isWhole ? '[ -e ~/.npmrc ] && cp -L ~/.npmrc "$bare/root/"' : 'mkdir "$bare/opt/matinee/node_modules"; mount --bind "$(readlink -f "$checkout/node_modules")" "$bare/opt/matinee/node_modules"'}
shift 2
exec chroot "$bare" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8 /bin/bash -ec "$@"
`

// It mounts, and becomes another user.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('The recipe for a server of its own', () => {
  test('its steps bring the component up on a bare machine, and a file through it', async () => {
    const guide = await readFile(join(root, 'docs/guides/uploads.md'), 'utf8')
    const recipe = /## On a server of its own[^]*?```sh\n([^]*?)```/.exec(guide)?.[1] ?? ''
    const lines = recipe.trimEnd().split('\n')
    expect(lines.at(-1)).toBe('systemctl enable --now matinee-upload')
    const steps = lines.slice(0, -1).filter((line) => isLong || !line.startsWith('npm ci'))
    const unit = '/etc/systemd/system/matinee-upload.service'
    const [port = 0] = await freePorts(1)
    // What systemd would do with the unit that has been installed.
    const start = [
      `export $(sed -n 's/^Environment=//p' ${unit})`,
      'install -d -o matinee -g matinee $MATINEE_DATA_DIR $NODE_COMPILE_CACHE',
      `cd $(sed -n 's/^WorkingDirectory=//p' ${unit})`,
      `exec setpriv --reuid matinee --regid matinee --clear-groups $(sed -n 's/^ExecStart=//p' ${unit} | sed 's/8090/${port}/; s/0[.]0[.]0[.]0/127.0.0.1/')`,
    ]
    const folder = await mkdtemp(join(tmpdir(), 'matinee-bare-'))
    const words = ['-m', '--propagation', 'private', 'bash', '-c', bareRoot(isLong), 'bare', folder, root, [...steps, ...start].join('\n')]
    const component = startProcess('unshare', words, { group: true })
    try {
      const url = `http://127.0.0.1:${port}`
      const isReady = async () => (await fetch(`${url}/ready`)).ok
      await until(isReady, { what: 'the start of the component', processes: [component], timeoutMs: isLong ? 300_000 : 240_000 })
      const post = async (to: string, body: object) => {
        const headers = { 'content-type': 'application/json' }
        return (await (await fetch(to, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as {
          retCode: string
          data: { uploadUrl: string }
        }
      }
      const bytes = Buffer.from('a film')
      const asked = {
        token: 'change-me-to-32-letters-or-more',
        userId: '1',
        storePath: '/srv/uploads/site',
        fileName: 'a',
        fileSize: 6,
        fileMd5: md5(bytes),
      }
      const { retCode, data } = await post(`${url}/api/upload/new/task`, asked)
      expect(retCode).toBe('0')
      const form = new FormData()
      for (const [name, value] of Object.entries({ startByte: '0', endByte: '6', partMd5: md5(bytes) })) form.set(name, value)
      form.set('file', new Blob([bytes]), 'block')
      expect(await (await fetch(data.uploadUrl, { method: 'POST', body: form })).json()).toMatchObject({ retCode: '0' })
      const { stdout } = await run('nsenter', [
        '-t',
        String(component.child.pid),
        '-m',
        '--wd=/',
        'sh',
        '-c',
        `until cat ${folder}/srv/uploads/site/a; do sleep 0.1; done 2>/dev/null`,
      ])
      expect(stdout).toBe('a film')
    } finally {
      await component.kill()
      await rm(folder, { recursive: true, force: true })
    }
  }, 800_000)
})

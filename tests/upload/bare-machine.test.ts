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

/** What the recipe would fetch and build. */
const lent = `for name in node_modules dist; do
  [ -e "$checkout/$name" ] || continue
  mkdir "$bare/opt/matinee/$name"; mount --bind "$(readlink -f "$checkout/$name")" "$bare/opt/matinee/$name"
done`

/**
 * A root of its own: of this machine only its programs, of Matinee what git has of it. Packages and the web app are those that lie here, unless the test
 * is a long one: then they come as the recipe says.
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
${isWhole ? '[ -e ~/.npmrc ] && cp -L ~/.npmrc "$bare/root/"' : lent}
shift 2
exec chroot "$bare" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8 /bin/bash -ec "$@"
`

type Recipe = { guide: string; chapter: string; unit: string /** Left out where the test is short. */; made: string }

/** Follows the steps of a guide, up to the one that systemd would take: that is done by hand, as the unit says it that has been installed. */
async function follow({ guide, chapter, unit, made }: Recipe) {
  const text = await readFile(join(root, 'docs/guides', guide), 'utf8')
  const [, recipe = ''] = new RegExp(`## ${chapter}[^]*?\`\`\`sh\n([^]*?)\`\`\``).exec(text) ?? []
  const lines = recipe.trimEnd().split('\n')
  expect(lines.at(-1)).toBe(`systemctl enable --now ${unit}`)
  expect(lines.filter((line) => line.startsWith(made))).toHaveLength(1)
  const steps = lines.slice(0, -1).filter((line) => isLong || !line.startsWith(made))
  const path = `/etc/systemd/system/${unit}.service`
  const [port = 0] = await freePorts(1)
  const start = [
    `export $(sed -n 's/^Environment=//p' ${path})`,
    'install -d -o matinee -g matinee $MATINEE_DATA_DIR $NODE_COMPILE_CACHE',
    `cd $(sed -n 's/^WorkingDirectory=//p' ${path})`,
    `exec setpriv --reuid matinee --regid matinee --clear-groups $(sed -n 's/^ExecStart=//p' ${path} | sed 's/ --host.*//') --host 127.0.0.1 --port ${port}`,
  ]
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'matinee-bare-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const words = ['-m', '--propagation', 'private', 'bash', '-c', bareRoot(isLong), 'bare', folder, root, [...steps, ...start].join('\n')]
  const program = startProcess('unshare', words, { group: true })
  opened.defer(async () => {
    await program.kill()
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = async () => (await fetch(`${url}/ready`)).ok
  await until(isReady, { what: `the start of ${unit}`, processes: [program], timeoutMs: isLong ? 600_000 : 240_000 })
  const closing = opened.move()
  return {
    url,
    /** A file of that machine, once it is there. */
    async read(path: string): Promise<string> {
      const wait = `until cat ${folder}${path}; do sleep 0.1; done 2>/dev/null`
      return (await run('nsenter', ['-t', String(program.child.pid), '-m', '--wd=/', 'sh', '-c', wait])).stdout
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

async function post(to: string, body: object): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return { status: answer.status, json: await answer.json() }
}

// It mounts, and becomes another user.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('The recipe for a server of its own', () => {
  test('its steps bring the component up on a bare machine, and a file through it', async () => {
    const recipe = { guide: 'uploads.md', chapter: 'On a server of its own', unit: 'matinee-upload', made: 'npm ci' }
    await using machine = await follow(recipe)
    const bytes = Buffer.from('a film')
    const asked = {
      token: 'change-me-to-32-letters-or-more',
      userId: '1',
      storePath: '/srv/uploads/site',
      fileName: 'a',
      fileSize: 6,
      fileMd5: md5(bytes),
    }
    const { retCode, data } = (await post(`${machine.url}/api/upload/new/task`, asked)).json as {
      retCode: string
      data: { uploadUrl: string }
    }
    expect(retCode).toBe('0')
    const form = new FormData()
    for (const [name, value] of Object.entries({ startByte: '0', endByte: '6', partMd5: md5(bytes) })) form.set(name, value)
    form.set('file', new Blob([bytes]), 'block')
    expect(await (await fetch(data.uploadUrl, { method: 'POST', body: form })).json()).toMatchObject({ retCode: '0' })
    expect(await machine.read('/srv/uploads/site/a')).toBe('a film')
  }, 800_000)

  test('its steps bring all of Matinee up on a bare machine, where somebody signs up and a page is shown', async () => {
    const recipe = { guide: 'first-house.md', chapter: 'As a service of the system', unit: 'matinee', made: 'node scripts/bootstrap.mjs' }
    await using machine = await follow(recipe)
    const person = { username: 'lumiere', password: 'a long enough word 42' }
    expect((await post(`${machine.url}/api/user`, person)).status).toBe(201)
    const page = await fetch(machine.url)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('<html lang=')
  }, 800_000)
})

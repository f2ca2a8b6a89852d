import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

const scripts = join(import.meta.dirname, '../../scripts')

/** A checkout whose npm and apt-get only write down what they are asked, and bring what they should. */
function openCheckout() {
  const root = mkdtempSync(join(tmpdir(), 'matinee-bootstrap-'))
  const bin = join(root, 'system')
  const heard = join(root, 'heard')
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
    chmodSync(join(root, path), mode)
  }
  mkdirSync(join(root, 'scripts'))
  for (const name of ['bootstrap.mjs', 'install-ffmpeg.sh']) cpSync(join(scripts, name), join(root, 'scripts', name))
  write('package-lock.json', '{ "lock": 1 }')
  write('npm.mjs', fakeNpm(root, heard))
  mkdirSync(bin)
  for (const program of ['/bin/sh', '/bin/rm', '/usr/bin/nice']) symlinkSync(program, join(bin, basename(program)))
  write(
    'system/apt-get',
    `#!/bin/sh\necho "apt-get $*" >> ${heard}\nprintf '#!/bin/sh' > ${bin}/ffmpeg; /bin/chmod +x ${bin}/ffmpeg; /bin/cp ${bin}/ffmpeg ${bin}/ffprobe\n`,
    0o755,
  )
  return {
    root,
    write,
    start: (purpose: string[] = [], env: Record<string, string> = {}) => {
      const args = [join(root, 'scripts/bootstrap.mjs'), ...purpose]
      const done = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: bin, npm_execpath: join(root, 'npm.mjs'), ...env } })
      return { code: done.status, said: done.stderr.trim().split('\n').filter(Boolean) }
    },
    heard: () => {
      const lines = existsSync(heard) ? readFileSync(heard, 'utf8').trim().split('\n') : []
      rmSync(heard, { force: true })
      return lines
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

function fakeNpm(root: string, heard: string): string {
  return `import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(heard)}, 'npm ' + process.argv.slice(2).join(' ') + '\\n')
if (process.env.BROKEN) process.exit(1)
if (process.argv[2] === 'ci') {
  rmSync('${root}/node_modules', { recursive: true, force: true })
  mkdirSync('${root}/node_modules/.bin', { recursive: true })
  const script = '#!/bin/sh\\n[ -e ${root}/atomic ] || { echo libatomic.so.1: no such file >&2; exit 127; }\\n'
  if (process.env.LACKS_ATOMIC) writeFileSync('${root}/node_modules/.bin/node', script, { mode: 0o755 })
  else symlinkSync(process.execPath, '${root}/node_modules/.bin/node')
}
if (process.argv[2] === 'run') mkdirSync('${root}/dist', { recursive: true })
`
}

const ci = 'npm ci --include=dev --include=optional --loglevel=error --no-audit --no-fund'

test('the first start installs, and the second finds everything as it should be', () => {
  using checkout = openCheckout()
  expect(checkout.start(['--for', 'check'])).toEqual({ code: 0, said: ['matinee: installing the packages (once, some seconds)'] })
  expect(checkout.heard()).toEqual([ci])
  expect(checkout.start(['--for', 'check'])).toEqual({ code: 0, said: [] })
  expect(checkout.heard()).toEqual([])
})

test('another lock is installed anew, and so is a tree that lost its runtime', () => {
  using checkout = openCheckout()
  checkout.start(['--for', 'check'])
  checkout.write('package-lock.json', '{ "lock": 2 }')
  checkout.start(['--for', 'check'])
  rmSync(join(checkout.root, 'node_modules/.bin'), { recursive: true })
  checkout.start(['--for', 'check'])
  expect(checkout.heard()).toEqual([ci, ci, ci])
})

test('an installation that fails is said and tried again at the next start', () => {
  using checkout = openCheckout()
  const { code, said } = checkout.start(['--for', 'check'], { BROKEN: '1' })
  expect([code, said.at(-1)]).toEqual([1, expect.stringContaining('npm ci failed')])
  expect(checkout.start(['--for', 'check']).code).toBe(0)
  expect(checkout.heard()).toEqual([ci, ci])
})

test('the web app is built when what it is made from has changed, and not for its tests', () => {
  using checkout = openCheckout()
  checkout.write('vite.config.ts', '')
  checkout.write('web/app/a.tsx', 'one')
  checkout.start(['--for', 'test'])
  expect(checkout.heard()).toEqual([ci, 'npm run --silent build'])
  checkout.write('web/app/a.test.tsx', 'a test')
  expect(checkout.start(['--for', 'test']).said).toEqual([])
  checkout.write('shared/a.json', '{}')
  expect(checkout.start(['--for', 'test']).said).toEqual(['matinee: building the web app (once, some seconds)'])
  expect(checkout.start(['--for', 'check']).said).toEqual([])
})

test('the server is packed when it has changed, and a start without it being packed is a start', () => {
  using checkout = openCheckout()
  const pack = (end: string) =>
    checkout.write(
      'scripts/pack-server.mjs',
      `import { appendFileSync, mkdirSync } from 'node:fs'
mkdirSync('${checkout.root}/dist', { recursive: true })
appendFileSync('${checkout.root}/heard', 'packed\\n')
${end}`,
    )
  checkout.write('server/a.ts', 'one')
  pack('')
  checkout.start(['--for', 'test'])
  expect(checkout.heard()).toEqual([ci, 'packed'])
  checkout.write('server/a.test.ts', 'a test')
  expect(checkout.start(['--for', 'test'])).toEqual({ code: 0, said: [] })
  expect(checkout.heard()).toEqual([])
  checkout.write('server/a.ts', 'two')
  pack('process.exit(1)')
  expect(checkout.start(['--for', 'test']).code).toBe(0)
  expect(checkout.heard()).toEqual(['packed'])
})

const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version')

test.runIf(isRootOnDebian)('FFmpeg is installed where that needs no question, and nobody waits for it', async () => {
  using checkout = openCheckout()
  expect(checkout.start().said.at(-1)).toBe('matinee: installing FFmpeg by apt-get, meanwhile (once)')
  await expect.poll(() => checkout.heard().at(-1)).toMatch(/^apt-get .*install ffmpeg$/)
  await expect.poll(() => checkout.start().said).toEqual([])
})

test.runIf(isRootOnDebian)('a library that the runtime lacks is installed, or named', () => {
  using checkout = openCheckout()
  const lacking = { LACKS_ATOMIC: '1' }
  checkout.write('system/apt-get', '#!/bin/sh\nexit 100\n', 0o755)
  const refused = checkout.start(['--for', 'check'], lacking)
  expect([refused.code, refused.said.at(-1)]).toEqual([1, expect.stringMatching(/apt-get install libatomic1$/)])
  checkout.write('system/apt-get', `#!/bin/sh\n: > ${checkout.root}/atomic\n`, 0o755)
  const { code, said } = checkout.start(['--for', 'check'], lacking)
  expect([code, said.at(-1)]).toEqual([0, 'matinee: installing libatomic, which the runtime needs, by apt-get (once)'])
})

test('where FFmpeg cannot be installed the command is named, and the start goes on; it is not tried at every start', async () => {
  using checkout = openCheckout()
  checkout.write('system/apt-get', '#!/bin/sh\nexit 100\n', 0o755)
  expect(checkout.start().code).toBe(0)
  const named = expect.stringMatching(/^matinee: there is no FFmpeg here.* To install it: \S/)
  await expect.poll(() => checkout.start()).toEqual({ code: 0, said: [named] })
})

test('a checkout that cannot be written, without a network, starts once it is ready', () => {
  using checkout = openCheckout()
  checkout.write('vite.config.ts', '')
  checkout.start(['--for', 'test'])
  checkout.heard()
  chmodSync(join(checkout.root, 'node_modules'), 0o555)
  chmodSync(join(checkout.root, 'dist'), 0o555)
  expect(checkout.start(['--for', 'test'], { BROKEN: '1' })).toEqual({ code: 0, said: [] })
  expect(checkout.heard()).toEqual([])
})

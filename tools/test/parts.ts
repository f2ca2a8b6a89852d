import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the tests start and npm cannot bring: programs that must stand, or files, and the Debian packages that hold them. */
const needs = [
  { part: 'mariadb', programs: ['mariadbd', 'mariadb-install-db'], packages: ['mariadb-server'] },
  { part: 'redis', programs: ['redis-server'], packages: ['redis-server'] },
  {
    part: 's3',
    programs: ['swift-proxy-server', 'swift-account-server', 'swift-container-server', 'swift-object-server', 'swift-ring-builder'],
    packages: ['swift', 'swift-proxy', 'swift-account', 'swift-container', 'swift-object'],
  },
  { part: 'nginx', programs: ['nginx'], packages: ['nginx-light'] },
  { part: 'chromium', programs: ['chromium', '/usr/share/fonts/opentype/noto'], packages: ['chromium', 'fonts-noto-cjk'] },
  { part: 'ffmpeg', programs: ['ffmpeg', 'ffprobe'], packages: ['ffmpeg'] },
] as const

type Need = (typeof needs)[number]

/** Installs what is missing where that needs no question (Debian or Ubuntu, root). Answers the parts that are missing still. */
export function installParts(say: (line: string) => void): string[] {
  const absent = missingNeeds()
  if (absent.length === 0) return []
  const packages = absent.flatMap((need) => [...need.packages])
  if (!isDebian() || process.getuid?.() !== 0) {
    say(
      `not installed: ${absent.map((need) => need.part).join(', ')}${isDebian() ? `. To install: sudo apt-get install ${packages.join(' ')}` : ''}`,
    )
    return absent.map((need) => need.part)
  }
  say(`installing what the tests need, once: ${packages.join(' ')}`)
  withoutServices(() => installPackages(packages, say))
  return missingNeeds().map((need) => need.part)
}

function missingNeeds(): Need[] {
  return needs.filter((need) => !need.programs.every(stands))
}

function stands(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program)
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => isExecutable(join(folder, program)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isDebian(): boolean {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^ID(_LIKE)?="?.*debian/m.test(release) && existsSync('/usr/bin/apt-get')
}

/** Mirrors fail now and then: three tries, with fresh lists from the second on. */
function installPackages(packages: readonly string[], say: (line: string) => void): void {
  const install = [
    '-y',
    '-qq',
    '--no-install-recommends',
    '-o',
    'Dpkg::Options::=--force-confdef',
    '-o',
    'Dpkg::Options::=--force-unsafe-io',
    'install',
    ...packages,
  ]
  for (let attempt = 1; attempt <= 3; attempt++) {
    const done = apt(install)
    if (done.status === 0) return
    if (attempt > 1) say(`apt-get failed:\n${done.stderr.split('\n').slice(-8).join('\n')}`)
    if (attempt < 3) apt(['-qq', 'update'])
  }
}

function apt(args: readonly string[]) {
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  return spawnSync('apt-get', [...options, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
}

/** The tests start instances of their own; the services of the packages stay off while they are installed. */
function withoutServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return install()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n')
  chmodSync(policy, 0o755)
  try {
    install()
  } finally {
    rmSync(policy, { force: true })
  }
}

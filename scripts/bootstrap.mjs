// Makes a fresh clone ready: packages and runtime, the web app, FFmpeg. Runs on the system's own Node (20 or newer), with nothing installed:
// built-ins only. What is ready already costs a few hashes; without a network, and with a checkout that cannot be written, all is well then.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { argv, env, exit, execPath, getuid, platform, versions } from 'node:process'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const purpose = argv[2] === '--for' ? argv[3] : 'start'
const runtime = join(root, 'node_modules', '.bin', platform === 'win32' ? 'node.cmd' : 'node')

const ffmpegCommands = {
  debian: 'sudo apt-get install ffmpeg',
  fedora: 'sudo dnf install ffmpeg-free',
  rhel: 'sudo dnf install ffmpeg-free',
  arch: 'sudo pacman -S ffmpeg',
  alpine: 'sudo apk add ffmpeg',
  suse: 'sudo zypper install ffmpeg',
  darwin: 'brew install ffmpeg',
  win32: 'winget install Gyan.FFmpeg',
  other: 'see https://ffmpeg.org/download.html',
}
const atomicCommands = {
  debian: 'sudo apt-get install libatomic1',
  fedora: 'sudo dnf install libatomic',
  rhel: 'sudo dnf install libatomic',
  arch: 'sudo pacman -S gcc-libs',
  suse: 'sudo zypper install libatomic1',
  other: "libatomic, by your system's package manager",
}

const aptEnvironment = { ...env, DEBIAN_FRONTEND: 'noninteractive' }

if (Number(versions.node.split('.')[0]) < 20) fail(`Matinee needs Node 20 or newer to set itself up; this is ${versions.node}.`)
installPackages()
if (purpose === 'start') installFfmpeg()
if (purpose !== 'check') buildWebApp()

/** The lock decides: it is installed when it differs from what was installed last. */
function installPackages() {
  const packages = join(root, 'node_modules')
  if (existsSync(packages) && lstatSync(packages).isSymbolicLink()) return // it belongs to another checkout, which keeps it
  const stamp = join(packages, '.matinee-packages')
  const wanted = hashOf([join(root, 'package-lock.json')], platform + process.arch)
  if (read(stamp) === wanted && existsSync(runtime)) return
  say('installing the packages (once, some seconds)')
  const npm = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund']
  if (run(...npmCommand(npm)) !== 0) fail('npm ci failed. Matinee needs the package registry once; after that it starts without a network.')
  if (!existsSync(runtime))
    fail(
      `there is no runtime for ${platform} ${process.arch} among the packages: start it with a Node 26 of your own, "node server/main.ts serve".`,
    )
  tryRuntime()
  write(stamp, wanted)
}

/** Node links to libatomic, which a bare system may lack. */
function tryRuntime() {
  const runs = () => spawnSync(runtime, ['-v'], { encoding: 'utf8', shell: platform === 'win32' })
  const first = runs()
  if (first.status === 0) return
  if (!/libatomic/.test(first.stderr ?? '')) fail(`the runtime does not run here: ${first.stderr ?? first.error?.message}`)
  if (mayInstall()) {
    say('installing libatomic, which the runtime needs, by apt-get (once)')
    if (aptInstall('libatomic1') && runs().status === 0) return
  }
  fail(`the runtime needs a library that is not here. To install it: ${commandFor(atomicCommands)}`)
}

/** The web app, and the packages in few files: made again when anything that they are made from has changed. */
function buildWebApp() {
  if (!existsSync(join(root, 'vite.config.ts'))) return
  const stamp = join(root, 'dist', '.matinee-web')
  const sources = ['web', 'shared', 'uploader']
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => !/[.]test[.]tsx?$/.test(path))
  const makers = ['vite.config.ts', 'package-lock.json', 'package.json', 'tsconfig.json', 'scripts/pack-packages.mjs'].map((name) =>
    join(root, name),
  )
  const wanted = hashOf([...sources, ...makers], `web ${installedMs()}`)
  if (read(stamp) === wanted) return
  say('building the web app')
  if (run(...npmCommand(['run', '--silent', 'build'])) !== 0) fail('the web app could not be built.')
  write(stamp, wanted)
}

/** What is packed from node_modules is worth nothing beside another installation. */
function installedMs() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  return existsSync(installed) ? statSync(installed).mtimeMs : 0
}

/**
 * What npm cannot bring. It takes a minute, so it goes on by itself while the rest is made ready and the program starts: without it the program works
 * all the same and says on its pages what does not.
 */
function installFfmpeg() {
  if (isOnPath('ffmpeg') && isOnPath('ffprobe')) return
  const note = join(root, 'node_modules', '.matinee-ffmpeg')
  const before = read(note) ?? ''
  if (isRunning(Number(before))) return
  const hasFailed = before === 'failed' && Date.now() - statSync(note).mtimeMs < 24 * 3600_000
  if (!mayInstall() || hasFailed) {
    say(`there is no FFmpeg here, so films cannot be transcoded yet. To install it: ${commandFor(ffmpegCommands)}`)
    return
  }
  say('installing FFmpeg by apt-get, meanwhile (once)')
  const install = aptCommand(['install', 'ffmpeg'])
  const script = `${install} || { ${aptCommand(['update'])} && ${install}; } || printf failed > "$1"`
  const going = spawn('sh', ['-c', script, 'sh', note], { detached: true, env: aptEnvironment, stdio: 'ignore' })
  write(note, String(going.pid))
  going.unref()
}

function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Without a question to anybody: only as root, by apt-get. */
function mayInstall() {
  return platform === 'linux' && distribution() === 'debian' && getuid?.() === 0
}

function commandFor(commands) {
  return commands[platform === 'linux' ? distribution() : platform] ?? commands.other
}

function distribution() {
  const release = read('/etc/os-release') ?? ''
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => match[1].split(' '))
  return Object.keys(ffmpegCommands).find((family) => ids.some((id) => id.startsWith(family))) ?? 'other'
}

/** Lists are fetched only when the package is not found without. */
function aptInstall(name) {
  const apt = (args) => run('sh', ['-c', aptCommand(args)], { env: aptEnvironment, stdio: 'ignore' }) === 0
  return apt(['install', name]) || (apt(['update']) && apt(['install', name]))
}

function aptCommand(args) {
  return `apt-get -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Dpkg::Options::=--force-unsafe-io ${args.join(' ')}`
}

function isOnPath(program) {
  const names = platform === 'win32' ? [`${program}.exe`] : [program]
  return (env.PATH ?? '').split(delimiter).some((folder) => names.some((name) => isExecutable(join(folder, name))))
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The very npm that runs us, else the one on the PATH. */
function npmCommand(args) {
  if (env.npm_execpath) return [execPath, [env.npm_execpath, ...args]]
  return [platform === 'win32' ? 'npm.cmd' : 'npm', args]
}

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 2], shell: command.endsWith('.cmd'), ...options })
  return done.status ?? 1
}

function hashOf(paths, salt) {
  const hash = createHash('sha256').update(salt)
  for (const path of paths) hash.update(`\n${path.slice(root.length)}\n`).update(read(path) ?? '')
  return hash.digest('hex')
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

function read(path) {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

function write(path, text) {
  try {
    writeFileSync(path, text)
  } catch (error) {
    say(`could not keep a note for the next start: ${error.message}`)
  }
}

function say(line) {
  console.error(`matinee: ${line}`)
}

function fail(line) {
  say(line)
  exit(1)
}

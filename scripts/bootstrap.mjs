// Makes a fresh clone ready: packages and runtime, the web app, FFmpeg. Runs on the system's own Node (20 or newer), with nothing installed:
// built-ins only. What is ready already costs a few hashes; without a network, and with a checkout that cannot be written, all is well then.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
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

const aptOptions = ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3']
const aptEnvironment = { ...env, DEBIAN_FRONTEND: 'noninteractive' }
const ffmpegNote = join(root, 'node_modules', '.matinee-ffmpeg')

/** What is under way just now, and what goes on beside it. A signal ends both before us: nothing stays behind. */
let underWay
let ffmpegInstaller
let ending = false
for (const [signal, code] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => void end(signal, code))

if (Number(versions.node.split('.')[0]) < 20) fail(`Matinee needs Node 20 or newer to set itself up; this is ${versions.node}.`)
await installPackages()
if (purpose === 'start') installFfmpeg()
if (purpose !== 'check') {
  await buildWebApp()
  await packServer()
}

/** The lock decides: it is installed when it differs from what was installed last. */
async function installPackages() {
  const packages = join(root, 'node_modules')
  if (existsSync(packages) && lstatSync(packages).isSymbolicLink()) return // it belongs to another checkout, which keeps it
  const stamp = join(packages, '.matinee-packages')
  const wanted = hashOf([join(root, 'package-lock.json')], platform + process.arch)
  if (read(stamp) === wanted && existsSync(runtime)) return
  say('installing the packages (once, some seconds)')
  const npm = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund']
  if ((await run(...npmCommand(npm))) !== 0)
    fail('npm ci failed. Matinee needs the package registry once; after that it starts without a network.')
  if (!existsSync(runtime))
    fail(
      `there is no runtime for ${platform} ${process.arch} among the packages: start it with a Node 26 of your own, "node server/main.ts serve".`,
    )
  await tryRuntime()
  write(stamp, wanted)
}

/** Node links to libatomic, which a bare system may lack. */
async function tryRuntime() {
  const runs = () => spawnSync(runtime, ['-v'], { encoding: 'utf8', shell: platform === 'win32' })
  const first = runs()
  if (first.status === 0) return
  if (!/libatomic/.test(first.stderr ?? '')) fail(`the runtime does not run here: ${first.stderr ?? first.error?.message}`)
  if (mayInstall()) {
    say('installing libatomic, which the runtime needs, by apt-get (once)')
    if ((await aptInstall('libatomic1')) && runs().status === 0) return
  }
  fail(`the runtime needs a library that is not here. To install it: ${commandFor(atomicCommands)}`)
}

/** The web app: made again when anything that it is made from has changed. */
async function buildWebApp() {
  if (!existsSync(join(root, 'vite.config.ts'))) return
  const makers = ['vite.config.ts', 'package-lock.json', 'package.json', 'tsconfig.json']
  await make({
    from: ['web', 'shared', 'uploader'],
    makers,
    stamp: '.matinee-web',
    salt: `web ${installedMs()}`,
    saying: 'building the web app (once, some seconds)',
    command: npmCommand(['run', '--silent', 'build']),
    failing: 'the web app could not be built.',
  })
}

/** The server in few files, from which it starts sooner. Where that fails it runs as it lies. */
async function packServer() {
  const packer = join('scripts', 'pack-server.mjs')
  if (!existsSync(join(root, packer))) return
  await make({
    from: ['server', 'shared', 'uploader'],
    makers: [packer, 'package-lock.json', 'package.json'],
    stamp: '.matinee-server',
    salt: `server ${installedMs()}`,
    saying: undefined,
    command: [runtime, [join(root, packer)]],
  })
}

async function make({ from, makers, stamp, salt, saying, command, failing }) {
  const sources = from.flatMap((folder) => filesBelow(join(root, folder))).filter((path) => !/[.](test|contract)[.]tsx?$/.test(path))
  const wanted = hashOf([...sources, ...makers.map((name) => join(root, name))], salt)
  const note = join(root, 'dist', stamp)
  if (read(note) === wanted) return freshen(note)
  if (saying) say(saying)
  if ((await run(...command)) === 0) write(note, wanted)
  else if (failing) fail(failing)
}

/** Files that were only copied or touched are newer than what was built of them, which is as good as new all the same. */
function freshen(note) {
  try {
    utimesSync(note, new Date(), new Date())
  } catch {
    // A checkout that cannot be written.
  }
}

/** What is packed from node_modules is worth nothing beside another installation. */
function installedMs() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  return existsSync(installed) ? statSync(installed).mtimeMs : 0
}

/**
 * What npm cannot bring. It takes a minute, so it goes on by itself while the rest is made ready and the program starts: without it the program works
 * all the same and says on its pages what does not. The program ends it when it ends itself.
 */
function installFfmpeg() {
  if (isOnPath('ffmpeg') && isOnPath('ffprobe')) return
  const before = read(ffmpegNote) ?? ''
  if (isInstalling(Number(before))) return
  const hasFailed = before === 'failed' && Date.now() - statSync(ffmpegNote).mtimeMs < 24 * 3600_000
  if (!mayInstall() || hasFailed) {
    say(`there is no FFmpeg here, so films cannot be transcoded yet. To install it: ${commandFor(ffmpegCommands)}`)
    return
  }
  say('installing FFmpeg by apt-get, meanwhile (once)')
  const words = [join(root, 'scripts', 'install-ffmpeg.sh'), ffmpegNote]
  ffmpegInstaller = spawn('sh', words, { detached: true, env: aptEnvironment, stdio: 'ignore' })
  write(ffmpegNote, String(ffmpegInstaller.pid))
  ffmpegInstaller.unref()
}

/** A number may have been given to another process since. */
function isInstalling(pid) {
  return pid > 0 && (read(`/proc/${pid}/cmdline`) ?? '').includes('install-ffmpeg.sh')
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

/** Lists are fetched only when the package is not found without. In a session of its own, for a Ctrl-C must not break it off half way. */
async function aptInstall(name) {
  const apt = async (words) =>
    (await run('apt-get', [...aptOptions, ...words], { env: aptEnvironment, stdio: 'ignore', detached: true })) === 0
  return (await apt(['install', name])) || ((await apt(['update'])) && (await apt(['install', name])))
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

/** Its exit status. What has a session of its own is let finish. */
function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'ignore', 2], shell: command.endsWith('.cmd'), ...options })
  const over = new Promise((resolve) => child.once('error', () => resolve(1)).once('close', (code) => resolve(code ?? 1)))
  underWay = { over, stop: (signal) => options.detached || child.kill(signal) }
  // After a signal nothing more is begun: the process ends when what was under way has.
  return over.then((code) => (ending ? new Promise(() => {}) : code))
}

async function end(signal, code) {
  if (ending) return
  ending = true
  underWay?.stop(signal)
  const installed = ffmpegInstaller && ffmpegInstaller.exitCode === null && new Promise((resolve) => ffmpegInstaller.once('exit', resolve))
  ffmpegInstaller?.ref()
  ffmpegInstaller?.kill('SIGTERM')
  await Promise.all([underWay?.over, installed])
  exit(code)
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

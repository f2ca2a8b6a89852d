import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProcess, until } from '#server/testing/parts/part-process.ts'
import { type Component, md5, openComponent, root } from './component.ts'

const run = promisify(execFile)

const yaml = (folder: string, notifyUrl = 'http://127.0.0.1:9/notify') =>
  `bServer:\n  - name: demo\n    token: "xxxxx"\n    notifyUrl: ${notifyUrl}\n    roots: [${folder}/business, ${folder}/fupload]\n`

describe('What people find in the guide', () => {
  let component: Component
  beforeAll(async () => {
    component = await openComponent(yaml)
  }, 300_000)
  afterAll(() => component?.[Symbol.asyncDispose]())

  test('the lines of curl work as they stand, with the addresses that the opening answers', async () => {
    const guide = await readFile(join(root, 'docs/guides/uploads.md'), 'utf8')
    const lines = [...guide.matchAll(/^(curl .*?)\s*(?:#.*)?$/gm)].map(([, line = '']) => line)
    expect(lines).toHaveLength(6)
    const [opens = '', sends = '', pauses = '', asks = '', looks = '', again = ''] = lines
    const shell = async (line: string) => {
      const { stdout } = await run('sh', ['-c', line.replace('curl', 'curl -s')])
      const [head = '', body = ''] = stdout.startsWith('HTTP/') ? stdout.split(/\r\n\r\n(?=\{)/) : ['', stdout]
      return { head, ...(JSON.parse(body) as { retCode: string; status: string; data: Record<string, unknown> }) }
    }
    const atHome = (line: string) => line.replaceAll('/tmp/', `${component.folder}/`).replace('http://ip:port', component.url)
    const opened = await shell(atHome(opens))
    expect(opened).toMatchObject({ retCode: '0', head: expect.stringContaining('HTTP/1.1 200') as string })
    const { taskId, uploadUrl, stateUrl, blocksUrl } = opened.data
    expect(taskId).toBeTypeOf('number')
    const block = randomBytes(1000)
    await writeFile(join(component.folder, '1.mp4.01'), block)
    const atTask = (line: string, url: unknown) => atHome(line).replace(/'?http:\S+$/, `'${String(url)}'`)
    // The MD5 that stands there is not that of our bytes.
    expect(await shell(atTask(sends, uploadUrl))).toMatchObject({ retCode: '9' })
    const told = await shell(atTask(sends, uploadUrl).replace(/(?<=partMd5=)\w+/, md5(block)))
    expect(told).toMatchObject({ retCode: '0', data: { startByte: 0, endByte: 1000 } })
    expect((await shell(atTask(sends, uploadUrl).replace('file=@', 'file='))).status).toContain('@')
    expect(await shell(atTask(pauses, stateUrl).replace('12344', String(taskId)))).toMatchObject({ retCode: '0', data: 'pause' })
    expect(await shell(atTask(asks, blocksUrl))).toMatchObject({
      retCode: '0',
      totalSize: 345_000_000,
      status: 'pause',
      expectBlocks: [{ startByte: 1000, endByte: 345_000_000 }],
    })
    expect(await shell(atHome(looks))).toMatchObject({
      retCode: '0',
      data: { server: 'demo', underWay: [{ taskId, state: 'paused', held: 1000 }], unheard: [] },
    })
    // Nothing is owed for it yet.
    expect(await shell(atHome(again).replace('12344', String(taskId)))).toMatchObject({ retCode: '3' })
    // Without the addresses: knowing a taskId is not enough.
    expect(await shell(atHome(asks))).toMatchObject({ retCode: '10' })
  }, 300_000)

  test('both examples run, test.mp4 ends below business/, and the file that configures is read again', async () => {
    const folder = join(component.folder, 'business')
    const environment = { COMPONENT: component.url, FOLDER: `${folder}/`, PORT: '0' }
    const business = startProcess(process.execPath, [join(root, 'examples/business-server.ts')], { env: environment })
    try {
      const address = () => /business server at (\S+)/.exec(business.output())?.[1]
      await until(async () => address() !== undefined, {
        what: 'the start of the business server',
        processes: [business],
        timeoutMs: 240_000,
      })
      await component.configure(yaml(component.folder, `${address()}/notify`))
      const bytes = randomBytes(9_000_000)
      await mkdir(join(component.folder, 'home'))
      const path = join(component.folder, 'home', 'test.mp4')
      await writeFile(path, bytes)
      const { stdout } = await run(process.execPath, [join(root, 'examples/client.ts'), path], {
        env: { ...process.env, BUSINESS: address() ?? '' },
      })
      expect(stdout).toContain('all 9000000 bytes are there')
      // Heard by the address that the file names since it was changed.
      const heard = () => /task \d+: (\{.*\})/.exec(business.output())?.[1]
      await until(async () => heard() !== undefined, { what: 'the callback', processes: [business], timeoutMs: 240_000 })
      expect(JSON.parse(heard() ?? '')).toEqual({ retCode: '0', status: 'ok', data: { fileName: 'test.mp4', userId: '123' } })
      expect((await readFile(join(folder, 'test.mp4'))).equals(bytes)).toBe(true)
    } finally {
      await business.kill()
    }
  }, 300_000)
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { describeWith } from '../grounds.ts'
import { openChromium } from './chromium.ts'
import { openNginx } from './nginx.ts'

describeWith('nginx')('a front of Nginx', () => {
  test('answers, reads a new configuration, and comes back on its port', async () => {
    await using nginx = await openNginx(({ port }) => `server { listen 127.0.0.1:${port}; return 200 "one"; }`)
    const ask = async () => (await fetch(nginx.url)).text()
    expect(await ask()).toBe('one')
    await nginx.reload(({ port }) => `server { listen 127.0.0.1:${port}; return 200 "two"; }`)
    await expect.poll(ask).toBe('two')
    await nginx.kill()
    await expect(ask()).rejects.toThrow()
    await nginx.restart()
    expect(await ask()).toBe('two')
  })
})

describeWith('chromium')('a browser', () => {
  test('refuses what leaves the origin, hears errors, and asks axe past a strict policy', async () => {
    const page = `<!doctype html><html lang="en"><title>A page</title><main><h1>Here</h1><img src="http://elsewhere.example/a.png"></main><script src="/broken.js"></script></html>`
    const server = createServer((request, response) => {
      const script = request.url === '/broken.js'
      response.setHeader('content-security-policy', "default-src 'self'; img-src *")
      response
        .setHeader('content-type', script ? 'text/javascript' : 'text/html')
        .end(script ? "throw new Error('broken on purpose')" : page)
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    await using chromium = await openChromium()
    await using tab = await chromium.openTab({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    await tab.page.goto('/')
    expect(tab.foreign).toEqual(['http://elsewhere.example/a.png'])
    expect(tab.errors.join('\n')).toContain('broken on purpose')
    expect(await tab.violations()).toEqual(['image-alt: img'])
    server.closeAllConnections()
    server.close()
  })
})

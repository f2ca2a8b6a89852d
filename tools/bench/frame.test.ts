import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { alternate, bootstrapOf, httpLoad, launch, openLoop, quantile, runScript } from './frame.ts'
import { toLine } from './table.ts'

test('contenders take turns and the ratio is taken pair by pair', async () => {
  const order: string[] = []
  const contender = (name: string, figure: number) => async () => {
    order.push(name)
    return figure * order.length
  }
  const { ratio } = await alternate({ pairs: 5, warm: false, ours: contender('ours', 3), peer: contender('peer', 1) })
  expect(order.join(' ')).toBe('ours peer peer ours ours peer peer ours ours peer')
  expect(ratio.values).toHaveLength(5)
  expect(ratio.low).toBeLessThanOrEqual(ratio.median)
})

test('the interval of equal figures is a point, and that of scattered ones is wide', () => {
  expect(bootstrapOf([2, 2, 2, 2, 2])).toMatchObject({ median: 2, low: 2, high: 2 })
  const wide = bootstrapOf([1, 2, 3, 4, 5, 6, 7])
  expect(wide.high - wide.low).toBeGreaterThan(2)
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
})

test('an open loop times from the moment an act was due, so that a stall is not hidden', async () => {
  let stall = Promise.resolve()
  const latencies = await openLoop({
    perSecond: 100,
    seconds: 0.3,
    act: (index) => {
      if (index === 0) stall = new Promise((go) => setTimeout(go, 200))
      return stall
    },
  })
  expect(latencies).toMatchObject({ count: 30, failed: 0 })
  expect(latencies.at(0.5)).toBeGreaterThan(20)
})

test('the HTTP load counts good answers apart from others', async () => {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/good' ? 200 : 404, { 'content-length': '2' }).end('ok'),
  )
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  expect(await httpLoad({ port, path: '/good', connections: 4, requests: 100 })).toMatchObject({ count: 100, failed: 0 })
  expect(await httpLoad({ port, path: '/bad', connections: 4, requests: 100 })).toMatchObject({ count: 0, failed: 100 })
  server.closeAllConnections()
  server.close()
})

test('CPU counts the children of a process as well', async () => {
  const spin = 'while (process.cpuUsage().user < 200_000);'
  const script = `const { spawnSync } = require('node:child_process'); spawnSync(process.execPath, ['-e', '${spin}']); console.log('spun'); setTimeout(() => {}, 60000)`
  await using child = await launch(process.execPath, { args: ['-e', script], until: /spun/ })
  expect(child.cpuMs()).toBeGreaterThanOrEqual(150)
  expect(child.rssBytes()).toBeGreaterThan(10_000_000)
})

test('a script answers with its last line and says its CPU', async () => {
  const { answer, cpuMs } = await runScript<{ sum: number }>(`${import.meta.dirname}/testing/adds.mjs`, { args: ['2', '3'] })
  expect(answer).toEqual({ sum: 5 })
  expect(cpuMs).toBeGreaterThan(0)
})

test('the last line is for machines', () => {
  const line = toLine('api', [{ figure: 'hit', value: 0.81234, goal: { atLeast: 0.8 } }])
  expect(JSON.parse(line)).toEqual({ bench: 'api', rows: [{ figure: 'hit', value: 0.8123, goal: '≥ 0.8', holds: true }] })
})

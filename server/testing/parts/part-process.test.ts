import { expect, test } from 'vitest'
import { freePorts, startProcess, until } from './part-process.ts'

test('a program that ends at once is reported with what it said', async () => {
  const started = startProcess(process.execPath, ['-e', 'console.error("no such luck"); process.exit(3)'])
  const waiting = until(async () => false, { what: 'its start', processes: [started] })
  await expect(waiting).rejects.toThrow(/its start: .*no such luck/s)
})

test('killing waits for the end', async () => {
  const started = startProcess(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await started.kill()
  expect(started.hasEnded()).toBe(true)
})

test('a program that is not there is reported, not thrown across the process', async () => {
  const started = startProcess('/nowhere/program', [])
  await expect(until(async () => false, { what: 'its start', processes: [started] })).rejects.toThrow(/ENOENT/)
})

test('free ports differ', async () => {
  expect(new Set(await freePorts(20)).size).toBe(20)
})

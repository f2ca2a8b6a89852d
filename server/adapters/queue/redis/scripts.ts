import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Script } from '../../redis/script.ts'

const shared = readFileSync(new URL('shared.lua', import.meta.url), 'utf8')

function read(file: string): Script {
  const source = `${shared}\n${readFileSync(new URL(file, import.meta.url), 'utf8')}`
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** The queue's commands, each atomic in Redis. */
export const scripts = {
  add: read('add.lua'),
  take: read('take.lua'),
  end: read('end.lua'),
  beat: read('beat.lua'),
  cancel: read('cancel.lua'),
  runNow: read('run-now.lua'),
  setPriority: read('set-priority.lua'),
  setting: read('setting.lua'),
  passOn: read('pass-on.lua'),
  leases: read('leases.lua'),
  list: read('list.lua'),
  counts: read('counts.lua'),
  sweep: read('sweep.lua'),
}

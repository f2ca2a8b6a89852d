/// <reference lib="webworker" />
import { Md5 } from '#uploader/md5.ts'
import type { Ask, Told } from './hash-words.ts'

declare const self: DedicatedWorkerGlobalScope

const pieceBytes = 4 * 1024 * 1024
const givenUp = new Set<number>()

self.addEventListener('message', ({ data }: MessageEvent<Ask>) => {
  if ('giveUp' in data) givenUp.add(data.giveUp)
  else void answer(data)
})

async function answer(ask: Exclude<Ask, { giveUp: number }>): Promise<void> {
  const { id } = ask
  try {
    const md5 = 'bytes' in ask ? new Md5().update(ask.bytes).hex() : await whole(ask.blob, id)
    tell({ id, md5 })
  } catch (error) {
    tell({ id, failure: error instanceof Error ? error.name : 'Error' })
  }
}

async function whole(blob: Blob, id: number): Promise<string> {
  const md5 = new Md5()
  for (let start = 0; start < blob.size; start += pieceBytes) {
    if (givenUp.delete(id)) throw new DOMException('Given up.', 'AbortError')
    md5.update(new Uint8Array(await blob.slice(start, start + pieceBytes).arrayBuffer()))
  }
  return md5.hex()
}

function tell(told: Told): void {
  self.postMessage(told)
}

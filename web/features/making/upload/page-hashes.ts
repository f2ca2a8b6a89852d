import { type Hashes, plainHashes } from '#uploader/index.ts'
import type { Ask, Told } from './hash-words.ts'
// oxlint-disable-next-line import/default -- the build answers for it: the address of the worker's file
import workerAddress from './hash.worker.ts?worker&url'

/**
 * Off the page's thread: one worker for the blocks, one for the whole, which takes its time. Where no worker can be had, the page reckons
 * the blocks itself, and their digests vouch for the file.
 */
export function openPageHashes(): Hashes {
  const blocks = openWorker()
  const wholes = openWorker()
  if (!blocks || !wholes) return { block: plainHashes.block }
  return {
    block: (bytes) => blocks.ask({ bytes }),
    whole: async ({ blob }, signal) => {
      if (!blob) throw new TypeError('Only files can be hashed here.')
      return await wholes.ask({ blob }, signal)
    },
  }
}

type Waiting = PromiseWithResolvers<string>

function openWorker() {
  let worker: Worker
  try {
    worker = new Worker(trusted(workerAddress), { type: 'module', name: 'hashes' })
  } catch {
    return undefined
  }
  const waiting = new Map<number, Waiting>()
  let last = 0
  worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if ('md5' in data) asked?.resolve(data.md5)
    else asked?.reject(new DOMException('The file cannot be read.', data.failure))
  })
  worker.addEventListener('error', () => {
    for (const asked of waiting.values()) asked.reject(new Error('The worker that reckons digests broke.'))
    waiting.clear()
  })
  return {
    ask(what: { bytes: Uint8Array<ArrayBuffer> } | { blob: Blob }, signal?: AbortSignal): Promise<string> {
      const id = ++last
      const asked: Waiting = Promise.withResolvers()
      waiting.set(id, asked)
      signal?.addEventListener(
        'abort',
        () => {
          if (!waiting.delete(id)) return
          worker.postMessage({ giveUp: id } satisfies Ask)
          asked.reject(signal.reason)
        },
        { once: true },
      )
      worker.postMessage({ id, ...what } satisfies Ask)
      return asked.promise
    },
  }
}

/** Pages demand that addresses of scripts are vouched for; this vouches for one constant. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('matinee', { createScriptURL: (url) => (url === address ? url : '') })
  return (policy ? policy.createScriptURL(address) : address) as string
}

type TrustedTypes = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown }
}

import type { IncomingMessage } from 'node:http'

/**
 * Gives back the memory of a chunk that came from the network and has been read. Nobody else may hold it. Left to the collector, the chunks of a fast line
 * fill their allowance many times a second, and each time the whole heap is walked: measured, that costs more than receiving them.
 */
export function giveBack(chunk: Uint8Array): void {
  const { buffer } = chunk
  // Where it is a part of something larger, the rest may still be wanted.
  if (chunk.byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

/** More than any block that is usual: who sends more after he was refused does not want to hear of it. */
const mostDrainedBytes = 2 ** 26

/** Whoever is still sending hears the refusal once he has ended; who does not end is cut off. */
export function drain(request: IncomingMessage): void {
  let left = mostDrainedBytes
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    giveBack(chunk)
    if (left < 0) request.destroy()
  })
}

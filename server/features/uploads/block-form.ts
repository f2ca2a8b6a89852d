import { createReadStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { parseByteCount } from './block-range.ts'
import { type Fields, Form, putAside } from './form.ts'
import { FormError, parseBoundary } from './multipart.ts'
import { refuse } from './refusal.ts'
import type { Block } from './take-block.ts'

type Limits = { limitBytes: number; asideFolder: string }

/**
 * A block as a form brings it. Where the fields stand before the file, its bytes go to their place as they come; where they follow, the bytes wait
 * aside until it is known where they belong.
 */
export async function readBlock<T>(
  request: IncomingMessage,
  { limitBytes, asideFolder }: Limits,
  take: (block: Block) => Promise<T>,
): Promise<T> {
  const boundary = parseBoundary(request.headers['content-type'])
  if (boundary === undefined) refuse('request', 'The block must come as multipart/form-data.', 400)
  const form = new Form(request, boundary, {
    bytes: limitBytes,
    refuse: () => refuse('size', `A block may have ${limitBytes} bytes at most.`, 413),
  })
  try {
    const abort = () => void request.destroy()
    if (!(await form.toFile())) refuse('request', form.whyNoFile())
    if (isComplete(form.fields)) {
      const taken = await take({ ...toPlace(form.fields), bytes: form.bytes(), abort })
      await form.toEnd()
      return taken
    }
    return await takeAside(form, asideFolder, (bytes) => take({ ...toPlace(form.fields), bytes, abort }))
  } catch (error) {
    if (error instanceof FormError) refuse('request', error.message, 400)
    throw error
  } finally {
    await form.close()
  }
}

const isComplete = (fields: Fields) => ['startByte', 'endByte', 'partMd5'].every((name) => fields.has(name))

function toPlace(fields: Fields): Pick<Block, 'startByte' | 'endByte' | 'partMd5'> {
  const startByte = parseByteCount(fields.get('startByte')?.trim()) ?? refuse('request', 'startByte must be a whole number of bytes.')
  const endByte = parseByteCount(fields.get('endByte')?.trim()) ?? refuse('request', 'endByte must be a whole number of bytes.')
  const partMd5 = fields.get('partMd5')?.trim().toLowerCase() ?? ''
  if (!/^[0-9a-f]{32}$/.test(partMd5)) refuse('request', 'partMd5 must be the MD5 of this block: 32 hex digits.')
  return { startByte, endByte, partMd5 }
}

async function takeAside<T>(form: Form, folder: string, take: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  await using aside = await putAside(folder, form.bytes())
  await form.toEnd()
  return await take(createReadStream(aside.path) as AsyncIterable<Uint8Array>)
}

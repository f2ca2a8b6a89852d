import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { Form, putAside } from './form.ts'
import { FormError, parseBoundary } from './multipart.ts'
import { openOwn, type OwnFile, type OwnParts } from './own.ts'
import { asideFolderOf } from './places.ts'
import { Refusal } from './refusal.ts'
import type { UploadService } from './service.ts'
import type { TaskRow } from './store.ts'

/** Boundaries, headers and further fields: what a form may have beside its file. */
const formBytes = 65_536

export type SimpleParts = OwnParts & { open(asked: Record<string, unknown>): Promise<TaskRow>; limitBytes(): number }
export type TakeSimple = (
  viewer: Viewer,
  asked: { videoId: string | undefined; request: IncomingMessage },
) => Promise<OwnFile & { videoId: string }>

/**
 * A small film in one form. How large it is, a form does not say before its end: so it waits aside, and then goes the way of every other upload, in
 * one block. When it is answered, it is verified and stored.
 */
export function createSimple(parts: SimpleParts, service: UploadService): TakeSimple {
  return async (viewer, { videoId, request }) => {
    const limitBytes = parts.limitBytes()
    if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
    if (videoId !== undefined) await parts.videos.change(viewer, videoId)
    // http-api, "Simple upload": answered without reading the rest, and here without reading anything.
    if (Number(request.headers['content-length'] ?? 0) > limitBytes + formBytes) throw tooBig()
    const md5 = createHash('md5')
    const boundary = parseBoundary(request.headers['content-type']) ?? noForm()
    const form = new Form(request, boundary, { bytes: limitBytes, refuse: () => fail(tooBig()) })
    try {
      if (!(await form.toFile())) noForm()
      const { fileName } = form
      await using aside = await putAside(asideFolderOf(parts.folder), hashed(form.bytes(), md5))
      await form.toEnd()
      const file = { fileName: fileName === '' ? 'film' : fileName.slice(0, 255), fileSize: aside.size }
      const opened = await openOwn(parts, { viewer, open: parts.open, file: videoId === undefined ? file : { ...file, videoId } })
      if (file.fileSize > 0)
        await service.takeBlock(opened.row.id, {
          startByte: 0,
          endByte: file.fileSize,
          partMd5: md5.digest('hex'),
          bytes: createReadStream(aside.path) as AsyncIterable<Uint8Array>,
          abort: () => {},
        })
      await service.settle(opened.row.id)
      return { ...file, videoId: opened.videoId }
    } catch (error) {
      if (error instanceof FormError || (error instanceof Refusal && error.retCode === '3')) throw wrongForm(error)
      throw error
    } finally {
      await form.close()
    }
  }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: { update(bytes: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}

function fail(problem: Problem): never {
  throw problem
}

function noForm(): never {
  throw wrongForm()
}

const tooBig = () => new Problem('invalid', 'upload.file_too_big')
const wrongForm = (cause?: unknown) => new Problem('invalid', 'upload.form_wrong', { cause })

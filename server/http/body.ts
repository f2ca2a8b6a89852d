import type { IncomingMessage } from 'node:http'
import { badJson, badRequest, bodyMissing, bodyTooLarge, FrameProblem, wrongMediaType } from './problems.ts'

/**
 * The one reader of JSON bodies. Whatever the content type says in whatever spelling, either it is JSON in UTF-8 and the schema is asked,
 * or the request is refused: there is no third way in.
 */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  if (!mayHaveBody(request)) throw bodyMissing()
  if (!isType(request.headers['content-type'], 'application/json')) throw wrongMediaType('application/json')
  const text = await readText(request, limitBytes)
  if (text === '') throw bodyMissing()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw badJson(error)
  }
  if (looksHostile(text)) checkTree(value)
  return value
}

/** A form of people without script. A field that is there twice becomes a list. */
export async function readForm(request: IncomingMessage, limitBytes: number): Promise<Record<string, unknown>> {
  const text = await readText(request, limitBytes)
  const values = new URLSearchParams(text)
  const fields = new Map<string, unknown>()
  for (const name of new Set(values.keys())) {
    const [value, ...more] = values.getAll(name)
    fields.set(name, more.length === 0 ? value : [value, ...more])
  }
  return Object.fromEntries(fields)
}

export const isForm = (request: IncomingMessage) => isType(request.headers['content-type'], 'application/x-www-form-urlencoded')

export function mayHaveBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
}

/** The type itself and nothing beside it but `charset=utf-8`: what is spelled in another way is another type. */
function isType(header: string | undefined, type: string): boolean {
  if (header === type) return true
  const match = /^([a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+)(?:[ \t]*;[ \t]*charset=("?)utf-8\2)?[ \t]*$/i.exec(header ?? '')
  return match?.[1]?.toLowerCase() === type
}

const decoder = new TextDecoder('utf-8', { fatal: true })

async function readText(request: IncomingMessage, limitBytes: number): Promise<string> {
  if (request.headers['content-encoding'] !== undefined) throw wrongMediaType('identity')
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw bodyTooLarge(limitBytes)
  const bytes = await collect(request, limitBytes)
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw badRequest(error)
  }
}

function collect(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limitBytes) stop(bodyTooLarge(limitBytes))
      else chunks.push(chunk)
    }
    const onClose = () => stop(new FrameProblem(400, 'http.bad_request'))
    const onEnd = () => {
      request.off('close', onClose)
      const [first] = chunks
      resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks))
    }
    const stop = (problem: FrameProblem) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).pause()
      reject(problem)
    }
    request.on('data', onData).once('end', onEnd).once('close', onClose).once('error', onClose)
  })
}

/** Cheap signs of what only a hostile body has: keys that reach for prototypes (also written with escapes), or hundreds of brackets. */
function looksHostile(text: string): boolean {
  return text.includes('__proto__') || text.includes('constructor') || text.includes('\\u') || countOpening(text) > maxDepth
}

const maxDepth = 32

function countOpening(text: string): number {
  let count = 0
  for (let i = 0; i < text.length && count <= maxDepth; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5b || code === 0x7b) count++
  }
  return count
}

function checkTree(root: unknown): void {
  const level: { node: unknown; depth: number }[] = [{ node: root, depth: 1 }]
  for (let next = level.pop(); next; next = level.pop()) {
    const { node, depth } = next
    if (typeof node !== 'object' || node === null) continue
    if (depth > maxDepth) throw badJson()
    if (!Array.isArray(node)) refuseReaching(node as Record<string, unknown>)
    for (const part of Object.values(node)) level.push({ node: part, depth: depth + 1 })
  }
}

function refuseReaching(node: Record<string, unknown>): void {
  if (Object.hasOwn(node, '__proto__')) throw badJson()
  if (!Object.hasOwn(node, 'constructor')) return
  const reached = node.constructor as unknown
  if (typeof reached === 'object' && reached !== null && Object.hasOwn(reached, 'prototype')) throw badJson()
}

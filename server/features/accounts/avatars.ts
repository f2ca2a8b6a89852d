import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Gate } from '#server/lib/gate.ts'
import { Problem } from '#server/lib/problem.ts'
import type { AvatarQuery } from '#shared/api/accounts.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import { type AvatarSize, avatarBlob, avatarFolder, avatarSizes, blobOfFile } from './avatar-names.ts'
import type { AccountParts } from './parts.ts'
import { drawSquares } from './pictures.ts'
import type { AccountRow } from './store.ts'

const mostAvatarBytes = 10 * 2 ** 20
const tidyAfterMs = 600_000

/** Pictures of people: whatever is sent is drawn anew by us, and nothing else of it is kept. */
export function createAvatars({ store, blobs, clock }: AccountParts) {
  const gate = new Gate({ atOnce: 1, mayWait: 20, code: 'avatar.busy' })

  const put = async (account: AccountRow, bytes: Uint8Array, square: AvatarQuery, signal?: AbortSignal): Promise<string> => {
    const drawn = await gate.run(() => drawSquares(bytes, square, Object.values(avatarSizes)), signal)
    const name = hash('sha256', drawn.at(-1)?.bytes ?? bytes, 'hex').slice(0, 16)
    for (const { pixels, bytes: picture } of drawn) {
      await blobs.write(avatarBlob(account.id, name, pixels), onePiece(picture), {
        expect: { size: picture.length },
        contentType: 'image/webp',
      })
    }
    // What is no longer shown is removed a while later, when no answer under way can need it.
    const notBeforeMs = clock.now() + tidyAfterMs
    const statements = [
      store.changeStatement(account.id, { avatar: name }),
      store.owe('accounts.tidy_avatars', { accountId: account.id }, { notBeforeMs }),
    ]
    await store.commit(statements)
    return name
  }

  return {
    put,

    async take(account: AccountRow, request: IncomingMessage, square: AvatarQuery, signal: AbortSignal): Promise<string> {
      return put(account, await readBody(request), square, signal)
    },

    async remove(account: AccountRow): Promise<void> {
      const statements = [
        store.changeStatement(account.id, { avatar: null }),
        store.owe('accounts.tidy_avatars', { accountId: account.id }, { notBeforeMs: clock.now() + tidyAfterMs }),
      ]
      await store.commit(statements)
    },

    readFile: (file: string) => readOrMissing(blobOfFile(file)),

    async readOf(account: AccountRow, size: AvatarSize): Promise<{ bytes: Uint8Array; name: string }> {
      if (account.avatar === null) throw new Problem('not_found', 'avatar.not_found')
      return { bytes: await readOrMissing(avatarBlob(account.id, account.avatar, avatarSizes[size])), name: account.avatar }
    },

    /** The task: all but the present picture goes, and what is being written right now. */
    async tidy(accountId: string): Promise<void> {
      const account = await store.findById(accountId)
      const shown = account?.avatar ? `${avatarFolder(accountId)}${account.avatar}-` : undefined
      const { items } = await blobs.list(avatarFolder(accountId))
      const old = items.filter(
        ({ name, modifiedMs }) => (shown === undefined || !name.startsWith(shown)) && modifiedMs < clock.now() - tidyAfterMs / 2,
      )
      await blobs.delete(old.map(({ name }) => name))
    },

    /** The task of a closed account. */
    async removeAll(accountId: string): Promise<void> {
      const { items } = await blobs.list(avatarFolder(accountId))
      await blobs.delete(items.map(({ name }) => name))
    },
  }

  async function readOrMissing(name: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of blobs.read(name)) chunks.push(chunk)
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not_found') throw new Problem('not_found', 'avatar.not_found')
      throw error
    }
    return Buffer.concat(chunks)
  }
}
export type Avatars = ReturnType<typeof createAvatars>

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const tooLarge = () => new Problem('too_large', 'avatar.too_large', { params: { limit: mostAvatarBytes / 2 ** 20 } })
  if (Number(request.headers['content-length'] ?? 0) > mostAvatarBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostAvatarBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

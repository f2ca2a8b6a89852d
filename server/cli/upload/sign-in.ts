import { UploadFailure } from '#uploader/index.ts'

export type SignIn = { to: string; user: string; password: string; code: string | undefined }

/** A bearer token for as long as it holds, and another when it does not. */
export function createSignIn({ to, user, password, code }: SignIn) {
  let token: Promise<string> | undefined
  const sign = async () => {
    const answer = await fetch(`${to}/api/user/${encodeURIComponent(user)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password, ...(code === undefined ? {} : { code }) }),
    }).catch((cause: unknown) => {
      throw new UploadFailure('lost', `${to} cannot be reached.`, { cause })
    })
    const body = (await answer.json().catch(() => ({}))) as { token?: string; detail?: string; title?: string }
    if (answer.ok && body.token !== undefined) return body.token
    throw new UploadFailure('refused', body.detail ?? body.title ?? `${to} answered ${answer.status}.`)
  }
  return {
    token: () => (token ??= sign()),
    renew: async () => {
      token = sign()
      await token
      return true
    },
  }
}

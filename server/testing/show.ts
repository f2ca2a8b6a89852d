import type { TestMatinee } from './matinee.ts'
import type { Visitor } from './visitors.ts'

export type ShowFilm = {
  title: string
  description?: string
  tags?: string[]
  visibility?: string
  durationMs?: number
}

export type Show = ReturnType<typeof createShow>

/** Films of somebody that are ready, without a byte of picture, for what is not about pictures. */
export function createShow(matinee: TestMatinee, by: Visitor) {
  const { videos } = matinee.features
  const place = `/api/user/${by.username}/videos`

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await by.call(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.json as T
  }

  async function film({ title, description, tags, visibility = 'public', durationMs }: ShowFilm): Promise<string> {
    const about = { title, visibility, ...(description === undefined ? {} : { description }), ...(tags ? { tags } : {}) }
    const { id } = await call<{ id: string }>('POST', place, about)
    // As if a source had been made playable: nothing is owed for one that never came, and no worker looks for it.
    await videos.grew({ videoId: id, generation: 0, state: 'ready', ...(durationMs === undefined ? {} : { facts: { durationMs } }) })
    return id
  }

  const change = (id: string, body: object) => call('PATCH', `${place}/${id}`, body)

  return {
    film,
    change,

    /** One film for everything that a film can be to others. */
    async everyLook(more: Pick<ShowFilm, 'tags' | 'description'> & { title?: (look: string) => string } = {}) {
      const { title = (look: string) => `A film that is ${look}`, ...rest } = more
      const made = async (look: string, visibility = look) => film({ title: title(look), visibility, ...rest })
      const password = await made('password', 'private')
      await change(password, { visibility: 'password', password: 'the back door' })
      const later = await made('later', 'private')
      await change(later, { visibility: 'public', publishAt: '2999-01-01T00:00:00.000Z' })
      const deleted = await made('deleted', 'public')
      await call('DELETE', `${place}/${deleted}`)
      const { id: draft } = await call<{ id: string }>('POST', place, {
        title: title('draft'),
        visibility: 'public',
        ...(rest.tags ? { tags: rest.tags } : {}),
      })
      const failed = await made('failed', 'public')
      await videos.grew({ videoId: failed, generation: 0, state: 'failed', failure: { code: 'media.broken' } })
      return {
        public: await made('public'),
        members: await made('members'),
        unlisted: await made('unlisted'),
        private: await made('private'),
        ...{ password, later, deleted, draft, failed },
      }
    },
  }
}

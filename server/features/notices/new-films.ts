import type { Clock } from '#server/ports/clock.ts'
import type { Follows } from '../follows/index.ts'
import type { Videos } from '../videos/index.ts'
import type { NoticeService } from './service.ts'

type Parts = {
  videos: Pick<Videos, 'announcing'>
  follows: Pick<Follows, 'followers'>
  notices: Pick<NoticeService, 'tell'>
  clock: Clock
}

const filmsAtOnce = 50
const followersAtOnce = 200
/** What was out for longer before we heard of it is no news. */
const newsMs = 7 * 24 * 3_600_000

/**
 * Films that came out: lists hear of the hour that has come, and those who follow their owner of the film. A walk that breaks off begins again and
 * reaches nobody twice.
 */
export function createNewFilms({ videos, follows, notices, clock }: Parts) {
  async function tellFollowers(film: { id: string; ownerId: string }, signal: AbortSignal): Promise<void> {
    let after = ''
    for (;;) {
      signal.throwIfAborted()
      const to = await follows.followers(film.ownerId, after, followersAtOnce)
      const last = to.at(-1)
      if (last === undefined) return
      const about = { byId: film.ownerId, videoId: film.id, commentId: null, text: '' }
      await notices.tell({ kind: 'new_film', to, origin: film.id, group: `new_film ${film.ownerId}`, ...about })
      after = last
    }
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const nowMs = clock.now()
      const films = await videos.announcing.due(nowMs, filmsAtOnce)
      for (const film of films) {
        await videos.announcing.isOut(film.id)
        if (film.publishedMs > nowMs - newsMs) await tellFollowers(film, signal)
        await videos.announcing.done(film.id, nowMs)
      }
      if (films.length < filmsAtOnce) return
    }
  }
}

import type { Transcoding } from '#server/features/transcoding/index.ts'

type Find = Transcoding['awaitFilm']
type Film = NonNullable<Awaited<ReturnType<Find>>>

const most = 500

/** Plans never change: those of films that are being seen are at hand. Who may see them is asked anew each time. */
export function createFilms(find: Find) {
  const known = new Map<string, Film>()
  return {
    recall: ({ videoId, generation }: { videoId: string; generation: number }): Film | undefined => known.get(`${videoId}/${generation}`),

    async find(wanted: Parameters<Find>[0]): Promise<Film | undefined> {
      const name = `${wanted.videoId}/${wanted.generation}`
      const film = known.get(name) ?? (await find(wanted))
      if (!film) return undefined
      known.delete(name)
      known.set(name, film)
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
      return film
    },
  }
}

import { useEffect, useRef } from 'react'
import type { VideoCard } from '#shared/api/videos.ts'
import { posterAddress, posterSet } from '#web/lib/poster.ts'

const cardSizes = '(width < 720px) 46vw, (width < 1440px) 30vw, 400px'

type Props = {
  film: Pick<VideoCard, 'id' | 'poster'>
  /** Among the first that is seen of the page: it waits for nothing. */
  isFirst: boolean
  sizes?: string
}

/**
 * The picture in the size that is wanted; its colours stand in for it until it has come. A film without one is a dark screen. The few browsers that do not
 * read AVIF get one size: a page holds a hundred cards, and every address is in each.
 */
export function FilmPicture({ film: { id, poster }, isFirst, sizes = cardSizes }: Props) {
  const frame = useRef<HTMLPictureElement>(null)
  const hash = poster?.thumbhash ?? null
  useEffect(() => {
    const element = frame.current
    const image = element?.querySelector('img')
    if (!element || hash === null || image?.complete) return
    let isWanted = true
    // Each in a task of its own: a page may hold hundreds, and none of them may keep a finger waiting.
    void import('thumbhash').then(({ thumbHashToDataURL }) =>
      setTimeout(() => {
        if (!isWanted || image?.complete) return
        const bytes = Uint8Array.from(atob(hash), (sign) => sign.charCodeAt(0))
        element.style.setProperty('background-image', `url(${thumbHashToDataURL(bytes)})`)
      }),
    )
    return () => {
      isWanted = false
    }
  }, [hash])
  if (!poster) return <span className="film-picture film-picture-none" />
  return (
    <picture className="film-picture" ref={frame}>
      <source type="image/avif" srcSet={posterSet(id, poster, 'avif')} sizes={sizes} />
      <img
        src={posterAddress(id, poster, 640, 'webp')}
        alt=""
        width={640}
        height={360}
        {...(isFirst ? { fetchPriority: 'high' as const } : { decoding: 'async' as const, loading: 'lazy' as const })}
      />
    </picture>
  )
}

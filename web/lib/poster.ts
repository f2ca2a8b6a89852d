import type { VideoCard } from '#shared/api/videos.ts'

type Picture = Pick<NonNullable<VideoCard['poster']>, 'revision'>
type Width = 320 | 640 | 1280
type Kind = 'avif' | 'webp' | 'jpg'

/** Its address changes with the picture, so that it may be kept for ever. */
export function posterAddress(videoId: string, poster: Picture, width: Width, kind: Kind = 'jpg'): string {
  return `/stream/${videoId}/poster.${kind}?w=${width}&r=${poster.revision}`
}

const stageSizes = '(width < 1100px) 100vw, 70vw'

/** As it stands where a film is shown: whoever says the same twice has it fetched once. */
export function stagePosters(videoId: string, poster: Picture): { type: string; srcSet: string; sizes: string }[] {
  return (['avif', 'webp'] as const).map((kind) => ({ type: `image/${kind}`, srcSet: posterSet(videoId, poster, kind), sizes: stageSizes }))
}

export function posterSet(videoId: string, poster: Picture, kind: Kind): string {
  return ([320, 640, 1280] as const).map((width) => `${posterAddress(videoId, poster, width, kind)} ${width}w`).join(', ')
}

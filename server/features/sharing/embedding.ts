import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { OEmbed, OEmbedQuery } from '#shared/api/sharing.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Videos } from '../videos/index.ts'
import { addressesAt } from './addresses.ts'

export type EmbeddingParts = {
  videos: Pick<Videos, 'find' | 'cards' | 'embeddingOf'>
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  site: () => { name: string; url: string }
}

const usual = { width: 640, height: 360 }

/** A film on other sites: who may show it, and what they are told. */
export function createEmbedding({ videos, site }: EmbeddingParts) {
  return {
    /** As a policy for frames puts it. A film that is not there keeps no site from showing that it is not. */
    async framedBy(videoId: string): Promise<string> {
      const { embedding, sites } = (await videos.embeddingOf(videoId)) ?? { embedding: 'everybody', sites: [] }
      if (embedding === 'everybody') return '*'
      return embedding === 'listed' && sites.length > 0 ? `'self' ${sites.join(' ')}` : "'self'"
    },

    async describe(viewer: Viewer, origin: string, { url, format, maxwidth, maxheight }: OEmbedQuery): Promise<OEmbed> {
      if (format !== undefined && format !== 'json') throw new Problem('unsupported', 'sharing.format')
      const videoId = filmOf(url, [origin, site().url])
      const video = videoId === undefined ? undefined : await videos.find(viewer, videoId)
      const [card] = video ? await videos.cards(viewer, [video.id], 'video.see') : []
      if (!video || !card) throw new Problem('not_found', 'sharing.no_film')
      const at = addressesAt(origin)
      const about = {
        version: '1.0' as const,
        title: card.title,
        author_name: card.owner.displayName || card.owner.username,
        author_url: at.channel(card.owner.username),
        provider_name: site().name,
        provider_url: `${origin}/`,
        ...(card.poster ? { thumbnail_url: at.poster(card.id, card.poster.revision), thumbnail_width: 1280, thumbnail_height: 720 } : {}),
      }
      if (video.embedding === 'nobody') return { ...about, type: 'link' }
      const size = fitted({ width: video.width, height: video.height }, { width: maxwidth, height: maxheight })
      return { ...about, type: 'video', ...size, html: frame(at.frame(card.id), card.title, size) }
    },
  }
}

/** The film that an address of ours shows; undefined for addresses of others, and for other pages. */
function filmOf(url: string, origins: readonly string[]): string | undefined {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (!address || !origins.includes(address.origin)) return undefined
  return /^\/(?:watch|embed)\/([\w-]{1,64})$/.exec(address.pathname)?.[1]
}

/** As wide as usual, as high as the film's shape wants, and within what was asked for. */
function fitted(film: { width: number | null; height: number | null }, most: { width: number | undefined; height: number | undefined }) {
  const shape = film.width && film.height ? film.height / film.width : usual.height / usual.width
  const width = Math.min(most.width ?? usual.width, Math.floor((most.height ?? Number.POSITIVE_INFINITY) / shape))
  return { width: Math.max(1, width), height: Math.max(1, Math.round(width * shape)) }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function frame(address: string, title: string, { width, height }: { width: number; height: number }): string {
  const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
  const allow = 'autoplay; fullscreen; picture-in-picture'
  return `<iframe src="${escaped(address)}" width="${width}" height="${height}" title="${escaped(title)}" allow="${allow}" allowfullscreen loading="lazy"></iframe>`
}

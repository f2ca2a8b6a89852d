import { type Static, Type } from 'typebox'

/** oEmbed 1.0: what another site asks about an address of ours, to show it as more than a link. */
export const OEmbedQuery = Type.Object({
  url: Type.String({ minLength: 1, maxLength: 2000 }),
  format: Type.Optional(Type.String({ maxLength: 20 })),
  maxwidth: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  maxheight: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
})
export type OEmbedQuery = Static<typeof OEmbedQuery>

const about = {
  version: Type.Literal('1.0'),
  title: Type.String(),
  author_name: Type.String(),
  author_url: Type.String(),
  provider_name: Type.String(),
  provider_url: Type.String(),
  thumbnail_url: Type.Optional(Type.String()),
  thumbnail_width: Type.Optional(Type.Integer()),
  thumbnail_height: Type.Optional(Type.Integer()),
}

/** A `link` where the film may be shown on no other site. */
export const OEmbed = Type.Object({
  ...about,
  type: Type.Enum(['video', 'link']),
  html: Type.Optional(Type.String()),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
})
export type OEmbed = Static<typeof OEmbed>

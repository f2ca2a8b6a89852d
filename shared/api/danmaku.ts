import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable } from './common.ts'

const Mode = Type.Enum(['scroll', 'top', 'bottom'])
const Size = Type.Enum(['small', 'normal', 'large'])
/** `#rrggbb` */
const Color = Type.String({ pattern: '^#[0-9a-fA-F]{6}$' })
const AtMs = Type.Integer({ minimum: 0, maximum: 30 * 86_400_000 })

export const Danmaku = Type.Object({
  id: Id,
  atMs: Type.Integer(),
  text: Type.String(),
  mode: Mode,
  color: Type.String(),
  size: Size,
  likes: Type.Integer(),
  /** So many said nearly the same near this moment; 1: nobody else. */
  count: Type.Integer(),
  /** Of one sender always the same under one film, so that a viewer can hide them; says not who it is. */
  by: Type.String(),
})
export type Danmaku = Static<typeof Danmaku>

/** `sparse` and `normal` are thinned by the server; `full` is all of them. */
const Density = Type.Enum(['sparse', 'normal', 'full'])

export const DanmakuQuery = Type.Object({
  fromMs: Type.Optional(AtMs),
  toMs: Type.Optional(AtMs),
  density: Type.Optional(Density),
})
export type DanmakuQuery = Static<typeof DanmakuQuery>

/** Those with `fromMs <= atMs < toMs`, which are whole packets: ask on from `toMs`. */
export const DanmakuPacket = Type.Object({
  items: Type.Array(Danmaku),
  fromMs: Type.Integer(),
  toMs: Type.Integer(),
  /** How much is said where: one number for each hundredth of the film, 0 to 100. Empty where nothing is said. */
  heat: Type.Array(Type.Integer()),
  total: Type.Integer(),
  isOn: Type.Boolean(),
  /** Ids among them that the viewer sent, and those the viewer likes. */
  own: Type.Array(Id),
  liked: Type.Array(Id),
})
export type DanmakuPacket = Static<typeof DanmakuPacket>

export const AddDanmakuBody = Type.Object({
  atMs: AtMs,
  text: Type.String({ minLength: 1, maxLength: 100 }),
  mode: Type.Optional(Mode),
  color: Type.Optional(Color),
  size: Type.Optional(Size),
})
export type AddDanmakuBody = Static<typeof AddDanmakuBody>

export const DanmakuParams = Type.Object({ vid: Id, id: Id })

/** For the list with jumps, by moment; the keepers see who said it. */
export const DanmakuListQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 100 })),
})
const DanmakuListItem = Type.Object({ ...Danmaku.properties, createdAt: Moment, author: nullable(PersonCard) })
export const DanmakuList = Type.Object({ items: Type.Array(DanmakuListItem), nextCursor: nullable(Type.String()) })
export type DanmakuList = Static<typeof DanmakuList>

export const DanmakuFileQuery = Type.Object({ format: Type.Optional(Type.Enum(['xml', 'ass'])) })
export const DanmakuImported = Type.Object({ added: Type.Integer(), passedOver: Type.Integer() })

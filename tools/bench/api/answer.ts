import { Type } from 'typebox'

/** What both contenders answer: a short page of a list, about 2 KB. */
export const AnswerSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      durationMs: Type.Integer(),
      views: Type.Integer(),
      isLive: Type.Boolean(),
      author: Type.Object({ id: Type.String(), username: Type.String() }),
    }),
  ),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
})

export const answer = {
  items: Array.from({ length: 12 }, (_, i) => ({
    id: `0q1w2e3r4t5y6u7i8o${String(i).padStart(2, '0')}`,
    title: `The night train to Taipei, part ${i} 夜行列車`,
    durationMs: 5_400_000 + i,
    views: 123_456 * (i + 1),
    isLive: i % 5 === 0,
    author: { id: '1q1w2e3r4t5y6u7i8o9p', username: `somebody${i}` },
  })),
  nextCursor: null,
}

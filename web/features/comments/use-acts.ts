import { useTranslations } from 'use-intl'
import type { Comment } from '#shared/api/comments.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import type { Pages } from '#web/lib/use-pages.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { deleteLater } from './delete-later.ts'

export type CommentActs = {
  like(comment: Comment): Promise<void>
  pin(comment: Comment): Promise<void>
  change(comment: Comment, text: string): Promise<void>
  remove(comment: Comment): void
}

/** Shown at once; where the house says no, it is as before, and the reason is told. */
export function useCommentActs(vid: string, list: Pages<Comment>): CommentActs {
  const t = useTranslations('watch.comments')
  const api = useApi()
  const say = useSay()
  const textOf = useFailureText()
  const path = ({ id }: Comment) => `/videos/${vid}/comment/${id}`
  const replace = (next: Comment) => list.edit((items) => items.map((one) => (one.id === next.id ? next : one)))
  const tell = (failure: unknown) => say({ look: 'failed', text: failure instanceof ApiFailure ? textOf(failure) : t('failedTitle') })

  async function attempt(before: Comment, after: Comment, act: () => Promise<unknown>) {
    replace(after)
    try {
      await act()
    } catch (failure) {
      replace(before)
      tell(failure)
    }
  }

  return {
    like: (comment) => {
      const isLiked = !comment.isLiked
      const after = { ...comment, isLiked, likes: Math.max(0, comment.likes + (isLiked ? 1 : -1)) }
      return attempt(comment, after, () => api.send(isLiked ? 'PUT' : 'DELETE', `${path(comment)}/like`))
    },
    async pin(comment) {
      try {
        await api.send(comment.isPinned ? 'DELETE' : 'PUT', `${path(comment)}/pin`)
        list.retry()
      } catch (failure) {
        tell(failure)
      }
    },
    /** The writer waits for the answer: the text stays where it is written until it holds. */
    async change(comment, text) {
      replace(await api.send<Comment>('PATCH', path(comment), { text }))
    },
    remove(comment) {
      const later = deleteLater(`/api${path(comment)}`, async () => {
        try {
          await api.send('DELETE', path(comment))
          list.retry()
        } catch (failure) {
          replace(comment)
          if (failure instanceof ApiFailure && failure.status === 404) return
          tell(failure)
        }
      })
      replace({ ...comment, isDeleted: true, text: '', author: null })
      const undo = () => {
        later.undo()
        replace(comment)
      }
      say({ look: 'done', text: t('deletedNow'), undo: { text: t('undo'), act: undo } })
    },
  }
}

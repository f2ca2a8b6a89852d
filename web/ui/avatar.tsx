import './avatar.css'

export type Pictured = { username: string; displayName: string; avatar: { small: string; medium: string; large: string } | null }

/** The person's picture, or the first sign of their name. The name stands beside it in words, so it says nothing to screen readers. */
export function Avatar({ person, size = 'small' }: { person: Pictured; size?: 'small' | 'medium' | 'large' }) {
  const { avatar } = person
  if (!avatar) {
    return (
      <span className={`avatar avatar-${size}`} aria-hidden="true">
        {firstSign(person.displayName || person.username)}
      </span>
    )
  }
  const [px, next] =
    size === 'large' ? [avatar.medium, avatar.large] : size === 'medium' ? [avatar.medium, avatar.medium] : [avatar.small, avatar.medium]
  return <img className={`avatar avatar-${size}`} src={px} srcSet={`${px} 1x, ${next} 2x`} alt="" decoding="async" />
}

function firstSign(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)
  return (first?.segment ?? '').toLocaleUpperCase()
}

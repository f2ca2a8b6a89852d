export const avatarSizes = { small: 64, medium: 192, large: 512 } as const
export type AvatarSize = keyof typeof avatarSizes

/** Changes with the picture: whoever has it may keep it for ever. */
export function avatarAddress(accountId: string, hash: string, size: AvatarSize): string {
  return `/api/avatars/${accountId}-${hash}-${avatarSizes[size]}.webp`
}

export function avatarBlob(accountId: string, hash: string, pixels: number): string {
  return `${avatarFolder(accountId)}${hash}-${pixels}.webp`
}

export const avatarFolder = (accountId: string) => `avatars/${accountId}/`

/** `file` as the route's pattern lets it through. */
export function blobOfFile(file: string): string {
  const [accountId = '', hash = '', pixels = ''] = file.replace('.webp', '').split('-')
  return avatarBlob(accountId, hash, Number(pixels))
}

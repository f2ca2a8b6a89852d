export interface PlaylistTables {
  playlist: PlaylistTable
  playlist_item: PlaylistItemTable
}

export interface PlaylistTable {
  id: string
  owner_id: string
  kind: 'list' | 'series' | 'later'
  slot: string
  title: string
  description: string
  visibility: 'public' | 'unlisted' | 'private'
  updated_ms: number
  created_ms: number
}

export interface PlaylistItemTable {
  playlist_id: string
  video_id: string
  is_series: number
  place: number
  season: number | null
  part: number | null
}

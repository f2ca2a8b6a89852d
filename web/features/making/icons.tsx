import { icon } from '#web/ui/icons.tsx'

export const PauseIcon = icon('M9 5.5v13M15 5.5v13')
export const GoOnIcon = icon('M8 5.5v13l10.5-6.5z')
export const FilmIcon = icon('M4 5h16v14H4zM8 5v14M16 5v14M4 9.5h4M4 14.5h4M16 9.5h4M16 14.5h4')
export const FolderIcon = icon('M3.5 18.5v-13h6l2 2.5h9v10.5z')
export const CameraIcon = icon('M4 7h11v10H4zM15 10.5l5.5-3v9l-5.5-3')
export const FirstIcon = icon('M12 19V8M7 12.5l5-5l5 5M5 4.5h14')

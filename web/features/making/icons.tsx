import { icon } from '#web/ui/icons.tsx'

export const PauseIcon = icon('M9 5.5v13M15 5.5v13')
export const GoOnIcon = icon('M8 5.5v13l10.5-6.5z')
export const FolderIcon = icon('M3.5 18.5v-13h6l2 2.5h9v10.5z')
export const CameraIcon = icon('M4 7h11v10H4zM15 10.5l5.5-3v9l-5.5-3')
export const FirstIcon = icon('M12 19V8M7 12.5l5-5l5 5M5 4.5h14')
export const BinIcon = icon('M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5.5M13.5 11v5.5')
export const PenIcon = icon('M4.5 19.5l1-4.5L15.5 5l3.5 3.5L9 18.5zM13 7.5l3.5 3.5')

import { icon } from '#web/ui/icons.tsx'

export const PlayIcon = icon('M7.5 4.8v14.4L19.5 12z')
export const PauseIcon = icon('M8 5v14M16 5v14')
export const AgainIcon = icon('M5 12a7.5 7.5 0 1 0 2.6-5.7M7.8 2.8v4h4')
export const VolumeIcon = icon('M4 9.5v5h3.5l5 4v-13l-5 4zM16 9a4 4 0 0 1 0 6M18.6 6.4a8 8 0 0 1 0 11.2')
export const QuietIcon = icon('M4 9.5v5h3.5l5 4v-13l-5 4zM16 9a4 4 0 0 1 0 6')
export const SilentIcon = icon('M4 9.5v5h3.5l5 4v-13l-5 4zM16 9.5l5 5M21 9.5l-5 5')
export const CaptionsIcon = icon('M3.5 5.5h17v13h-17zM7 11h4M13.5 11h3.5M7 14.5h6M15.5 14.5h1.5')
export const TuneIcon = icon(
  'M12 15.2a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 0 0 0 6.4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1',
)
export const PipIcon = icon('M20.5 11V5.5h-17v12H10M13 13h8v6h-8z')
export const TheatreIcon = icon('M2.5 7h19v10h-19z')
export const TheatreLeaveIcon = icon('M6 7h12v10H6z')
export const FullIcon = icon('M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5')
export const FullLeaveIcon = icon('M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5')
export const LockIcon = icon('M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3')
export const UnlockIcon = icon('M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 6.7-1.4')
export const ForwardIcon = icon('M4.5 6l7 6l-7 6zM12.5 6l7 6l-7 6z')
export const RewindIcon = icon('M19.5 6l-7 6l7 6zM11.5 6l-7 6l7 6z')
export const SunIcon = icon(
  'M12 16a4 4 0 1 0 0-8a4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4',
)
export const ExpandIcon = icon('M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7')

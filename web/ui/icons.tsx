import type { JSX } from 'react'
import './icons.css'

/** Drawn on 24 units with a line of 1.75, open ends round. Beside words they say nothing to screen readers; alone they need a label. */
export type Icon = (props: { label?: string }) => JSX.Element

/** For features that draw icons of their own. */
export function icon(d: string): Icon {
  return function DrawnIcon({ label }) {
    return (
      <svg className="icon" viewBox="0 0 24 24" {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}>
        <path d={d} />
      </svg>
    )
  }
}

export const FilmsIcon = icon('M4 5h16v14H4zM8 5v14M16 5v14M4 9.5h4M4 14.5h4M16 9.5h4M16 14.5h4')
export const UploadIcon = icon('M12 15.5V4M7 9l5-5l5 5M5 15.5V20h14v-4.5')
export const SearchIcon = icon('M10.5 17a6.5 6.5 0 1 0 0-13a6.5 6.5 0 0 0 0 13zM15.4 15.4L20.5 20.5')
export const HomeIcon = icon('M4 20.5V10.5a8 8 0 0 1 16 0v10zM9.5 20.5v-6a2.5 2.5 0 0 1 5 0v6')
export const BellIcon = icon(
  'M12 3.5a5.5 5.5 0 0 0-5.5 5.5c0 5.5-2 6.5-2 8h15c0-1.5-2-2.5-2-8A5.5 5.5 0 0 0 12 3.5zM10 20a2.2 2.2 0 0 0 4 0',
)
export const FlagIcon = icon('M6 21V4h11l-2.5 4L17 12H6')
export const ListIcon = icon('M4 6.5h10M4 12h10M4 17.5h6M17 12v7M13.5 15.5h7')
export const ClockIcon = icon('M12 20.5a8.5 8.5 0 1 0 0-17a8.5 8.5 0 0 0 0 17zM12 7.5v5l3.2 2')
export const PersonIcon = icon('M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8zM4.5 20.5a7.5 6 0 0 1 15 0')
export const PeopleIcon = icon(
  'M9 11.5a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7zM2.5 19.5a6.5 5.5 0 0 1 13 0M15.5 4.9a3.5 3.5 0 0 1 0 6.2M18 14.6a6 5.2 0 0 1 3.5 4.9',
)
export const SettingsIcon = icon(
  'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5z',
)
export const ToolsIcon = icon('M4 19.5V13M9.3 19.5V4.5M14.7 19.5V9.5M20 19.5v-4')
export const CloseIcon = icon('M6 6l12 12M18 6L6 18')
export const CheckIcon = icon('M5 12.5l4.5 4.5L19 7.5')
export const MoreIcon = icon('M5 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0zM11 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0zM17 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0z')
export const BackIcon = icon('M14.5 6L8.5 12l6 6')
export const EyeIcon = icon('M2.5 12s3.5-6.5 9.5-6.5S21.5 12 21.5 12s-3.5 6.5-9.5 6.5S2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6a3 3 0 0 0 0 6z')
export const EyeOffIcon = icon(
  'M3.5 3.5l17 17M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.6M6.3 7.4A16.5 16.5 0 0 0 2.5 12s3.5 6.5 9.5 6.5a9 9 0 0 0 4.2-1M10 9.9a3 3 0 0 0 4.1 4.1',
)
export const LeaveIcon = icon('M10 4H5.5v16H10M14.5 8l4 4l-4 4M18.5 12H9.5')
export const CopyIcon = icon('M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4')
export const DownloadIcon = icon('M12 4v11M7 10.5l5 5l5-5M5 20h14')
export const WarningIcon = icon('M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2h.01')
export const KeyIcon = icon('M8 19.5a4.5 4.5 0 1 0 0-9a4.5 4.5 0 0 0 0 9zM11.2 11.8L19.5 3.5M15.5 7.5l3 3')
export const DeviceIcon = icon('M4 5h16v11H4zM9 20h6M12 16v4')
export const TicketIcon = icon('M3.5 6.5h17v3.5a2 2 0 0 0 0 4v3.5h-17V14a2 2 0 0 0 0-4zM14 6.5v2M14 11v2M14 15.5v2')
export const ScrollIcon = icon('M6.5 4h11v16h-11zM9.5 8.5h5M9.5 12h5M9.5 15.5h3')
export const GlobeIcon = icon(
  'M12 20.5a8.5 8.5 0 1 0 0-17a8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c2.6 2.6 3.8 5.4 3.8 8.5s-1.2 5.9-3.8 8.5c-2.6-2.6-3.8-5.4-3.8-8.5s1.2-5.9 3.8-8.5z',
)

import { icon } from './icons.tsx'

export const HeartIcon = icon('M12 20s-8-4.9-8-10.6A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.4C20 15.1 12 20 12 20z')
export const KeepIcon = icon('M6.5 4h11v16.5L12 16l-5.5 4.5z')
export const StarIcon = icon('M12 4l2.5 5.2l5.7.8l-4.1 4l1 5.7L12 17l-5.1 2.7l1-5.7l-4.1-4l5.7-.8z')
export const ShareIcon = icon('M13.5 5l6.5 6l-6.5 6v-3.6c-4.7 0-7.6 1.5-9.5 4.6c.6-5 3.4-8.8 9.5-9.4z')
export const PenIcon = icon('M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5')

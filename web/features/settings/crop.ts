/** A square cut out of a picture: where its middle lies (0 to 1 of each side) and how often it fits into the shorter side. */
export type Crop = { x: number; y: number; zoom: number }
export type Size = { width: number; height: number }
export type Square = { left: number; top: number; size: number }

export const maxZoom = 5
export const wholeCrop: Crop = { x: 0.5, y: 0.5, zoom: 1 }

/** The square in pixels of the picture, always inside of it. */
export function toSquare(picture: Size, { x, y, zoom }: Crop): Square {
  const size = Math.max(1, Math.round(Math.min(picture.width, picture.height) / zoom))
  const start = (middle: number, side: number) => Math.round(Math.min(Math.max(middle * side - size / 2, 0), side - size))
  return { left: start(x, picture.width), top: start(y, picture.height), size }
}

/** Moved by a share of the square, as a hand on the picture moves it; never past an edge. */
export function moved(picture: Size, crop: Crop, by: { x: number; y: number }): Crop {
  const { size } = toSquare(picture, crop)
  return held(picture, { ...crop, x: crop.x + (by.x * size) / picture.width, y: crop.y + (by.y * size) / picture.height })
}

export function zoomed(picture: Size, crop: Crop, zoom: number): Crop {
  return held(picture, { ...crop, zoom: Math.min(Math.max(zoom, 1), maxZoom) })
}

function held(picture: Size, crop: Crop): Crop {
  const size = Math.min(picture.width, picture.height) / crop.zoom
  const keep = (middle: number, side: number) => Math.min(Math.max(middle, size / 2 / side), 1 - size / 2 / side)
  return { ...crop, x: keep(crop.x, picture.width), y: keep(crop.y, picture.height) }
}

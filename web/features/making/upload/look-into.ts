import type { Facts } from './notes.ts'

const patienceMs = 10_000
const stillWidth = 480

/** A still and the facts of a film, as far as this browser can read it; it never leaves the page. */
export async function lookInto(file: File): Promise<{ facts: Facts; still?: Blob } | undefined> {
  const url = URL.createObjectURL(file)
  const video = document.createElement('video')
  const late = AbortSignal.timeout(patienceMs)
  try {
    video.muted = true
    video.preload = 'metadata'
    video.src = url
    await heard(video, 'loadedmetadata', late)
    const { duration, videoWidth: width, videoHeight: height } = video
    if (!Number.isFinite(duration) || width === 0) return undefined
    const facts = { durationMs: Math.round(duration * 1000), width, height }
    // Not the first picture, which is often black.
    video.currentTime = Math.min(duration * 0.15, 60)
    await heard(video, 'seeked', late)
    const still = await drawn(video, stillWidth, 'image/webp')
    return { facts, ...(still ? { still } : {}) }
  } catch {
    return undefined
  } finally {
    video.removeAttribute('src')
    video.load()
    URL.revokeObjectURL(url)
  }
}

/** What a film shows now, as a picture of at most this width. */
export async function drawn(video: HTMLVideoElement, mostWidth: number, type: 'image/webp' | 'image/jpeg'): Promise<Blob | undefined> {
  const canvas = document.createElement('canvas')
  canvas.width = Math.min(mostWidth, video.videoWidth)
  canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth)
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
  return (await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.9))) ?? undefined
}

function heard(video: HTMLVideoElement, event: string, late: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('This browser cannot read the film.'))
    video.addEventListener(event, () => resolve(), { once: true, signal: late })
    video.addEventListener('error', fail, { once: true, signal: late })
    late.addEventListener('abort', fail, { once: true })
  })
}

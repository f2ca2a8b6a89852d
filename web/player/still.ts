/** Keeps the picture that is shown, as a file of the viewer's. */
export async function keepStill(video: HTMLVideoElement): Promise<void> {
  if (video.videoWidth === 0) return
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${Math.floor(video.currentTime)}s.png`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

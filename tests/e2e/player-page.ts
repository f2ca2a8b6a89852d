export type Player = { kind: 'hls' | 'shaka'; url: string; token: string }

type Quality = { height: number }
type Engine = {
  load(): Promise<void>
  qualities(): Quality[]
  choose(place: number): void
}
type Told = { errors: string[]; stalls: string[]; ranges: number[][] }
// What the players' own scripts put into the page, as far as it is used here.
type HlsPlayer = {
  on(event: string, heard: (name: string, data: { type: string; details: string; fatal: boolean }) => void): void
  loadSource(url: string): void
  attachMedia(video: HTMLVideoElement): void
  levels: Quality[]
  currentLevel: number
}
type ShakaPlayer = {
  attach(video: HTMLVideoElement): Promise<void>
  addEventListener(event: string, heard: (event: { detail: { code: number; data: unknown } }) => void): void
  configure(settings: object): void
  getNetworkingEngine(): { registerRequestFilter(filter: (type: number, request: { headers: Record<string, string> }) => void): void }
  load(url: string): Promise<void>
  getVariantTracks(): Quality[]
  selectVariantTrack(track: Quality, clear: boolean): void
}
type Globals = {
  Hls: { new (settings: object): HlsPlayer; Events: Record<string, string> }
  shaka: { Player: new () => ShakaPlayer; polyfill: { installAll(): void } }
}

/** Runs in the page: starts a player on its video, and leaves what a test asks of it beside it. Takes all it needs with it. */
export async function play({ kind, url, token }: Player): Promise<void> {
  const page = globalThis as unknown as Globals & Record<string, unknown>
  const video = document.querySelector('video') as HTMLVideoElement
  const told: Told = { errors: [], stalls: [], ranges: [] }
  const once = (event: string) => new Promise<void>((heard) => video.addEventListener(event, () => heard(), { once: true }))

  function hls(): Engine {
    const player = new page.Hls({
      maxBufferLength: 60,
      xhrSetup: (request: XMLHttpRequest) => request.setRequestHeader('authorization', `Bearer ${token}`),
    })
    player.on(page.Hls.Events.ERROR ?? '', (_, { type, details, fatal }) => {
      // What it gave up itself, because somebody sought elsewhere.
      if (details === 'aborted') return
      const isSlow = !fatal && ['bufferStalledError', 'bufferNudgeOnStall'].includes(details)
      ;(isSlow ? told.stalls : told.errors).push(`${type} ${details} ${fatal}`)
    })
    return {
      load: async () => {
        const known = new Promise<void>((heard) => player.on(page.Hls.Events.MANIFEST_PARSED ?? '', () => heard()))
        player.loadSource(url)
        player.attachMedia(video)
        await known
      },
      qualities: () => player.levels,
      choose: (place) => {
        player.currentLevel = place
      },
    }
  }

  function shaka(): Engine {
    page.shaka.polyfill.installAll()
    const player = new page.shaka.Player()
    player.addEventListener('error', ({ detail }) => told.errors.push(`${detail.code} ${JSON.stringify(detail.data)}`))
    const sorted = () => player.getVariantTracks().toSorted((a, b) => a.height - b.height)
    return {
      load: async () => {
        await player.attach(video)
        player.configure({ abr: { enabled: false }, streaming: { bufferingGoal: 60 } })
        player.getNetworkingEngine().registerRequestFilter((_, request) => {
          request.headers.authorization = `Bearer ${token}`
        })
        await player.load(url)
      },
      qualities: sorted,
      choose: (place) => {
        const track = sorted()[place]
        if (track) player.selectVariantTrack(track, true)
      },
    }
  }

  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = [320, 180]
  /** Sixteen bars, the lowest bit first. */
  function shownNumber(): number {
    const paper = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
    paper.drawImage(video, 0, 0, 320, 180)
    let number = 0
    for (let bit = 0; bit < 16; bit++) if ((paper.getImageData(bit * 20 + 10, 90, 1, 1).data[0] ?? 0) > 128) number |= 1 << bit
    return number
  }

  const engine = kind === 'hls' ? hls() : shaka()
  Object.assign(page, {
    told,
    shownNumber,
    started: async () => {
      await video.play()
      while (video.currentTime === 0) await once('timeupdate')
      video.pause()
    },
    qualities: () => engine.qualities().length,
    choose: (place: number) => engine.choose(place),
    height: () => video.videoHeight,
    seek: async (atS: number) => {
      const there = once('seeked')
      video.currentTime = atS
      await there
    },
    playToTheEnd: async () => {
      video.playbackRate = 4
      video.addEventListener('timeupdate', () => {
        told.ranges = Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)])
      })
      await video.play()
    },
  })
  await engine.load()
}

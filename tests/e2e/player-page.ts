export type Player = { kind: 'hls' | 'shaka'; url: string; token: string }

type Quality = { height: number }
type Engine = {
  load(): Promise<void>
  qualities(): Quality[]
  choose(place: number): Promise<void>
}
type Told = { errors: string[]; stalls: string[]; ranges: number[][] }
// What the players' own scripts put into the page, as far as it is used here.
type HlsPlayer = {
  on(
    event: string,
    heard: (name: string, data: { type: string; details: string; fatal: boolean; frag?: { type: string; level: number } }) => void,
  ): void
  loadSource(url: string): void
  attachMedia(video: HTMLVideoElement): void
  levels: Quality[]
  currentLevel: number
}
type ShakaPlayer = {
  attach(video: HTMLVideoElement): Promise<void>
  addEventListener(event: string, heard: (event: { detail: { code: number; data: unknown }; contentType?: string }) => void): void
  configure(settings: object): void
  getNetworkingEngine(): { registerRequestFilter(filter: (type: number, request: { headers: Record<string, string> }) => void): void }
  load(url: string): Promise<void>
  getVariantTracks(): (Quality & { active: boolean })[]
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

  /**
   * Who chooses a quality sees it before they seek: players throw away what they have then, and the browser now and then keeps the old picture for ever
   * when it is sent elsewhere meanwhile. Not for ever, for what is asserted comes after.
   */
  async function shown(isThere: Promise<void>): Promise<void> {
    await Promise.race([isThere, new Promise((enough) => setTimeout(enough, 15_000))])
    while (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await new Promise((soon) => setTimeout(soon, 20))
  }

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
      choose: async (place) => {
        if (player.currentLevel === place) return
        const isThere = new Promise<void>((there) =>
          player.on(page.Hls.Events.FRAG_BUFFERED ?? '', (_, { frag }) => {
            if (frag?.type === 'main' && frag.level === place) there()
          }),
        )
        player.currentLevel = place
        await shown(isThere)
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
      choose: async (place) => {
        const track = sorted()[place]
        if (!track || track.active) return
        const isThere = new Promise<void>((there) =>
          player.addEventListener('segmentappended', ({ contentType }) => {
            if (contentType === 'video') there()
          }),
        )
        player.selectVariantTrack(track, true)
        await shown(isThere)
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

export type Player = { kind: 'hls' | 'shaka'; url: string; token: string }

type Quality = { height: number }
type Engine = {
  load(): Promise<void>
  qualities(): Quality[]
  /** At once: what was fetched of another quality is thrown away. */
  choose(place: number): Promise<void>
  /** Without a seam: what is being shown goes on until what comes next is there in the other quality. */
  turnTo(place: number): Promise<void>
}
/** `frames` are what was really shown, in order: its moment in seconds, the number in the picture, and how many lines it has. */
export type Told = { errors: string[]; stalls: string[]; ranges: number[][]; frames: [atS: number, number: number, height: number][] }
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
  nextLevel: number
}
type ShakaPlayer = {
  attach(video: HTMLVideoElement): Promise<void>
  addEventListener(event: string, heard: (event: { detail: { code: number; data: unknown }; contentType?: string }) => void): void
  configure(settings: object): void
  getNetworkingEngine(): { registerRequestFilter(filter: (type: number, request: { headers: Record<string, string> }) => void): void }
  load(url: string): Promise<void>
  getVariantTracks(): (Quality & { active: boolean })[]
  selectVariantTrack(track: Quality, clear: boolean, keepS?: number): void
}
type Globals = {
  Hls: { new (settings: object): HlsPlayer; Events: Record<string, string> }
  shaka: { Player: new () => ShakaPlayer; polyfill: { installAll(): void } }
}

/** Runs in the page: starts a player on its video, and leaves what a test asks of it beside it. Takes all it needs with it. */
export async function play({ kind, url, token }: Player): Promise<void> {
  const page = globalThis as unknown as Globals & Record<string, unknown>
  const video = document.querySelector('video') as HTMLVideoElement
  const told: Told = { errors: [], stalls: [], ranges: [], frames: [] }
  const once = (event: string) => new Promise<void>((heard) => video.addEventListener(event, () => heard(), { once: true }))

  /**
   * Who chooses a quality sees it before they seek: players throw away what they have then, and the browser now and then keeps the old picture for ever
   * when it is sent elsewhere meanwhile. Not for ever, for what is asserted comes after.
   */
  async function shown(isThere: Promise<void>): Promise<void> {
    await Promise.race([isThere, new Promise((enough) => setTimeout(enough, 15_000))])
    while (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await new Promise((soon) => setTimeout(soon, 20))
  }

  /** What is there and yet not shown waits for the processor, and is no stall of the film's. */
  function noteStall(what: string) {
    const { buffered, currentTime } = video
    const isThere = (from: number, until: number) => from <= currentTime && until - currentTime > 0.2
    const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)] as const)
    if (!ranges.some(([from, until]) => isThere(from, until))) told.stalls.push(`${what} at ${currentTime}`)
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
      if (isSlow) noteStall(details)
      else told.errors.push(`${type} ${details} ${fatal}`)
    })
    const fetched = (place: number) =>
      new Promise<void>((there) =>
        player.on(page.Hls.Events.FRAG_BUFFERED ?? '', (_, { frag }) => {
          if (frag?.type === 'main' && frag.level === place) there()
        }),
      )
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
        const isThere = fetched(place)
        player.currentLevel = place
        await shown(isThere)
      },
      turnTo: async (place) => {
        const isThere = fetched(place)
        player.nextLevel = place
        await isThere
      },
    }
  }

  function shaka(): Engine {
    page.shaka.polyfill.installAll()
    const player = new page.shaka.Player()
    player.addEventListener('error', ({ detail }) => told.errors.push(`${detail.code} ${JSON.stringify(detail.data)}`))
    const fetched = () =>
      new Promise<void>((there) =>
        player.addEventListener('segmentappended', ({ contentType }) => {
          if (contentType === 'video') there()
        }),
      )
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
        const isThere = fetched()
        player.selectVariantTrack(track, true)
        await shown(isThere)
      },
      turnTo: async (place) => {
        const track = sorted()[place]
        if (!track || track.active) return
        const isThere = fetched()
        // What it has for the next four seconds it keeps.
        player.selectVariantTrack(track, true, 4)
        await isThere
      },
    }
  }

  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = [320, 1]
  /** Sixteen bars, the lowest bit first. */
  function numberIn(picture: CanvasImageSource, width: number, height: number): number {
    const paper = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
    paper.drawImage(picture, 0, Math.floor(height / 2), width, 1, 0, 0, 320, 1)
    const { data } = paper.getImageData(0, 0, 320, 1)
    let number = 0
    for (let bit = 0; bit < 16; bit++) if ((data[(bit * 20 + 10) * 4] ?? 0) > 128) number |= 1 << bit
    return number
  }

  /** What is on the screen now, with its own moment: by the time that a script runs, the screen may be further than it was told. */
  function note() {
    const frame = new VideoFrame(video)
    const atS = frame.timestamp / 1e6
    const { displayWidth, displayHeight } = frame
    if (told.frames.at(-1)?.[0] !== atS) told.frames.push([atS, numberIn(frame, displayWidth, displayHeight), displayHeight])
    frame.close()
    video.requestVideoFrameCallback(note)
  }

  /**
   * Shaka throws away all it has when somebody seeks to what is not there. What arrives just then covers the place: Chromium begins to read it, loses it, and
   * goes on from the next picture that needs no other, whoever made the film. So a seek waits until nothing is being fetched, for Shaka alone.
   */
  async function atRest(): Promise<void> {
    if (kind === 'hls') return
    const isWhole = () => {
      const { buffered, duration, currentTime } = video
      const last = buffered.length - 1
      return last >= 0 && buffered.end(last) > duration - 0.1 && buffered.start(last) <= currentTime
    }
    while (!isWhole()) await new Promise((soon) => setTimeout(soon, 20))
  }

  const engine = kind === 'hls' ? hls() : shaka()
  Object.assign(page, {
    told,
    shownNumber: () => numberIn(video, video.videoWidth, video.videoHeight),
    started: async () => {
      await video.play()
      while (video.currentTime === 0) await once('timeupdate')
      video.pause()
    },
    qualities: () => engine.qualities().length,
    choose: (place: number) => engine.choose(place),
    height: () => video.videoHeight,
    /** Each of them in a part of its own, four seconds long, while it plays. */
    turnOnTheWay: async (...places: number[]) => {
      for (const [part, place] of places.entries()) {
        while (video.currentTime < part * 4 + 0.2) await new Promise((soon) => setTimeout(soon, 20))
        await Promise.race([engine.turnTo(place), new Promise((enough) => setTimeout(enough, 3000))])
      }
    },
    seek: async (atS: number) => {
      await atRest()
      const there = once('seeked')
      video.currentTime = atS
      await there
    },
    playToTheEnd: async (rate: number) => {
      video.playbackRate = rate
      video.addEventListener('timeupdate', () => {
        told.ranges = Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)])
      })
      video.addEventListener('waiting', () => noteStall('waiting'))
      video.requestVideoFrameCallback(note)
      await video.play()
    },
  })
  await engine.load()
}

import { toClock } from '../clock.ts'
import { type Storyboard, stillAt } from './storyboard.ts'

const widthPx = 176

type Props = { atS: number; share: number; storyboard: Storyboard | undefined; chapter: string | undefined }

/** The moment under the hand: its picture, its chapter and its time. */
export function SeekPreview({ atS, share, storyboard, chapter }: Props) {
  const still = storyboard && stillAt(storyboard, atS)
  const scale = still ? widthPx / still.width : 1
  return (
    <div className="seek-preview" style={{ insetInlineStart: `${share * 100}%`, translate: `${-share * 100}% 0` }} aria-hidden="true">
      {still ? (
        <span className="seek-still" style={{ inlineSize: widthPx, blockSize: still.height * scale }}>
          <img src={still.url} alt="" style={{ transform: `scale(${scale}) translate(${-still.x}px, ${-still.y}px)` }} />
        </span>
      ) : null}
      {chapter ? <span className="seek-title">{chapter}</span> : null}
      <span className="seek-time">{toClock(atS)}</span>
    </div>
  )
}

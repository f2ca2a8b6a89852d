import './progress.css'

/** A bar that tells the truth: a share from 0 to 1. */
export function Progress({ value, label }: { value: number; label: string }) {
  return <progress className="progress" max={1} value={value} aria-label={label} />
}

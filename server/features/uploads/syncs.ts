import { open } from 'node:fs/promises'

type Round = { running: Promise<void>; next: Promise<void> | undefined }

/** Makes the bytes of a file durable. Who comes while a sync is under way shares the one after it: blocks that arrive together cost few. */
export class Syncs {
  readonly #rounds = new Map<string, Round>()

  sync(path: string): Promise<void> {
    const round = this.#rounds.get(path)
    if (!round) return this.#start(path)
    round.next ??= round.running.catch(() => {}).then(() => this.#start(path))
    return round.next
  }

  #start(path: string): Promise<void> {
    const round: Round = { running: dataSync(path), next: undefined }
    this.#rounds.set(path, round)
    const end = () => {
      if (this.#rounds.get(path) === round && !round.next) this.#rounds.delete(path)
    }
    round.running.then(end, end)
    return round.running
  }
}

async function dataSync(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.datasync()
}

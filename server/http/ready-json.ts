/** A body that was made ready before, as its schema says it: for answers that are joined from parts which many share. */
export class ReadyJson {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }
}

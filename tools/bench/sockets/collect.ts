/** On SIGUSR2 whatever is garbage goes, so that memory can be compared. */
export function collectOnSignal(): void {
  let times = 0
  const collect = async () => {
    for (let round = 0; round < 4; round++) {
      globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    console.log(`collected ${++times}`)
  }
  process.on('SIGUSR2', () => void collect())
}

import { startMatinee } from '../matinee.ts'

/** Makes all runs of a film in a house that stands already, one after the other. */
const [folder = '', videoId = '', runs = ''] = process.argv.slice(2)
console.log('ready')
await using matinee = await startMatinee('embedded', { folder, without: ['worker'] })
const { signal } = new AbortController()
for (let run = 0; run < Number(runs); run++) await matinee.features.transcoding.fill({ videoId, generation: 1, run, attempt: 1, signal })
console.log('done')

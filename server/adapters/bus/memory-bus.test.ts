import { busContract } from './bus.contract.ts'
import { createMemoryBus } from './memory-bus.ts'

busContract('the bus in memory', async (log) => {
  const bus = createMemoryBus({ log })
  return { here: bus, there: bus, [Symbol.asyncDispose]: () => bus.close() }
})

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Bench, type BenchTools, type Launched, launch, median, type Row, row, spreadOf } from './frame.ts'

const folder = join(import.meta.dirname, 'sockets')
const serverCore = [0]
const crowdCore = [1]

type Kind = 'ours' | 'plain-ws' | 'socket-io'
type Said = { delivered: number; missing: number; wrong: number; seconds: number; p50: number; p99: number }

/** A room of a thousand at 200 messages a second, and thousands of sockets that do nothing. */
export const bench: Bench = {
  name: 'sockets',
  about: 'what a room of a thousand and an idle socket cost, beside a plain ws loop and socket.io',
  async run(tools) {
    return [...(tools.wants('room') ? await fullRoom(tools) : []), ...(tools.wants('idle') ? await idleSockets(tools) : [])]
  },
}

async function fullRoom(tools: BenchTools): Promise<Row[]> {
  // The first question for a peer installs it.
  await tools.peer('socket.io')
  const room = { clients: tools.short ? 200 : 1000, rate: 200, seconds: tools.short ? 1 : 4 }
  const pairs = tools.short ? 2 : 7
  const p99: number[] = []
  const ours = await openContender(tools, 'ours', room, (said) => p99.push(said.p99))
  const plain = await openContender(tools, 'plain-ws', room)
  const beside = async (name: string, peer: () => Promise<number>) => {
    const { ours: mine, peer: theirs, ratio } = await alternate({ pairs, ours, peer })
    tools.say(`deliveries per CPU second: Matinee ${Math.round(mine.median)}, ${name} ${Math.round(theirs.median)}`)
    return ratio
  }
  const besideWs = await beside('plain ws', plain)
  const besideIo = await beside('socket.io', await openContender(tools, 'socket-io', room))
  return [
    row('deliveries per CPU second, over plain ws', besideWs, { atLeast: 2.5 }),
    row('deliveries per CPU second, over socket.io', besideIo, { atLeast: 3 }),
    row('p99 of a delivery', spreadOf(p99), { atMost: 50 }, { unit: 'ms' }),
  ]
}

async function idleSockets(tools: BenchTools): Promise<Row[]> {
  const { ours, peer, ratio } = await alternate({
    pairs: tools.short ? 1 : 5,
    warm: false,
    ours: () => idleBytes('ours', tools.short),
    peer: () => idleBytes('plain-ws', tools.short),
  })
  tools.say(`an idle socket: Matinee ${Math.round(ours.median)} bytes, plain ws ${Math.round(peer.median)} bytes`)
  return [row('memory of an idle socket, over plain ws', ratio, { atMost: 1 })]
}

type Room = { clients: number; rate: number; seconds: number }

/** Answers deliveries per CPU second of the server; one that loses or mixes up a single message has no figure. */
async function openContender(
  tools: BenchTools,
  kind: Kind,
  room: Room,
  heard: (said: Said) => void = () => {},
): Promise<() => Promise<number>> {
  const server = await openServer(kind)
  tools.closing(server)
  return async () => {
    await using crowd = await openCrowd(kind, server, room)
    const before = server.cpuMs()
    crowd.send('SIGUSR2')
    const code = await crowd.ended()
    if (code !== 0) throw new Error(`the crowd of ${kind} broke up with ${code}:\n${crowd.lines().join('\n')}`)
    const cpuMs = server.cpuMs() - before
    const said = JSON.parse(crowd.lines().at(-1) ?? '') as Said
    if (said.missing !== 0 || said.wrong !== 0) throw new Error(`${kind}: ${said.missing} missing, ${said.wrong} out of order`)
    heard(said)
    return said.delivered / (cpuMs / 1000)
  }
}

/**
 * Resident bytes a socket, of so many that have said hello and nothing else. As many have come and gone before: what a process takes once, to deal
 * with a crowd at all, is no socket's.
 */
async function idleBytes(kind: Kind, short: boolean): Promise<number> {
  const [first, more] = [500, short ? 1000 : 4000]
  const idle = { rate: 0, seconds: 0 }
  await using server = await openServer(kind)
  for (let round = 0; round < 2; round++) {
    await using crowd = await openCrowd(kind, server, { clients: more, ...idle })
    crowd.send('SIGKILL')
  }
  await using few = await openCrowd(kind, server, { clients: first, ...idle })
  const before = await restingBytes(server, 1)
  await using many = await openCrowd(kind, server, { clients: more, ...idle })
  const after = await restingBytes(server, 2)
  for (const crowd of [few, many]) crowd.send('SIGKILL')
  return (after - before) / more
}

/** After its garbage has been collected. */
async function restingBytes(server: Launched, time: number): Promise<number> {
  // Topics that nobody is on any more are kept for five seconds, and who has gone is here for ten.
  await sleep(12_000)
  server.send('SIGUSR2')
  while (!server.lines().includes(`collected ${time}`)) await sleep(20)
  const samples: number[] = []
  for (let n = 0; n < 5; n++) {
    samples.push(server.rssBytes())
    await sleep(50)
  }
  return median(samples)
}

async function openServer(kind: Kind): Promise<Launched & { port: number }> {
  const server = await launch(join(folder, `${kind}.ts`), { nodeFlags: ['--expose-gc'], cores: serverCore, until: /listening on (\d+)/ })
  return Object.assign(server, { port: Number(server.match?.[1]) })
}

function openCrowd(kind: Kind, server: { port: number }, room: Room): Promise<Launched> {
  const args = Object.entries({ port: server.port, kind, ...room }).flatMap(([name, value]) => [`--${name}`, String(value)])
  return launch(join(folder, 'crowd.ts'), { args, cores: crowdCore, until: /ready/, untilMs: 60_000 })
}

import { SignJWT, UnsecuredJWT } from 'jose'
import { newId } from '#server/lib/id.ts'

/** Two hundred that somebody could make out of a token, or without one. */
export async function forgeTokens({
  token,
  id,
  key,
  nowMs,
}: {
  token: string
  id: string
  key: Uint8Array
  nowMs: number
}): Promise<Set<string>> {
  const [header = '', payload = '', mac = ''] = token.split('.')
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const seconds = Math.floor(nowMs / 1000) + 3600
  const other = new Uint8Array(32).fill(8)
  const sign = (head: Record<string, unknown>, secret: Uint8Array = key, claims: Record<string, unknown> = {}) =>
    new SignJWT({ sid: id, jti: 'x', exp: seconds, ...claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'matinee-session', ...head })
      .sign(secret)
  const made = new Set<string>([
    '',
    '.',
    '..',
    'x',
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `.${payload}.${mac}`,
    `${header}..${mac}`,
    `${token}.x`,
    `${token} `,
    ` ${token}`,
    `Bearer ${token}`,
    new UnsecuredJWT({ sid: id, exp: seconds }).encode(),
    ...['none', 'None', 'NONE', 'nOnE', '', 'HS384', 'HS512', 'RS256', 'ES256', 'EdDSA', 'PS256', 'HS256 ', 'hs256'].flatMap((alg) => [
      `${json({ alg, typ: 'matinee-session' })}.${payload}.`,
      `${json({ alg, typ: 'matinee-session' })}.${payload}.${mac}`,
    ]),
    ...['../../../../dev/null', '/dev/null', "' or 1=1 --", 'http://127.0.0.1/key', ''].map(
      (kid) => `${json({ alg: 'HS256', typ: 'matinee-session', kid })}.${payload}.${mac}`,
    ),
    `${json({ alg: 'HS256', typ: 'matinee-session', jwk: { kty: 'oct', k: 'AAAA' } })}.${payload}.${mac}`,
    `${json({ alg: 'HS256', typ: 'matinee-session', crit: ['x'], x: 1 })}.${payload}.${mac}`,
    // Well signed, and still of another session, another kind, another time, or without its row's hash.
    await sign({ typ: 'JWT' }),
    await sign({ typ: undefined }),
    await sign({}, key, { exp: seconds - 7200 }),
    await sign({}, key, { nbf: seconds + 9999 }),
    await sign({}, key, { sid: newId() }),
    await sign({}, key, { sid: 7 }),
    await sign({}, key, { sid: undefined }),
    await sign({}, key, { jti: undefined }),
    await sign({}, other),
    await sign({}, new Uint8Array(64).fill(7)),
    await sign({}, new TextEncoder().encode(' '.repeat(32))),
    'x'.repeat(10_000),
  ])
  for (let length = 0; length < mac.length; length++) made.add(`${header}.${payload}.${mac.slice(0, length)}`)
  for (let at = 0; at < 60; at++) {
    const spot = Math.floor((at / 60) * token.length)
    const letter = token[spot]
    if (letter === '.') continue
    // Of the last letter of base64url only some bits count.
    if (spot !== token.length - 1) made.add(`${token.slice(0, spot)}${letter === 'A' ? 'B' : 'A'}${token.slice(spot + 1)}`)
  }
  for (const end of ['=', '==', '\n', '\u0000', '%00', '-', 'A']) made.add(token + end)
  for (let i = 0; made.size < 200; i++) made.add(await sign({}, other, { jti: String(i) }))
  made.delete(token)
  return made
}

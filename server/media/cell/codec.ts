/** The name by which players know how a row is coded, from its init section: `avc1.64001f`. */
export function codecOf(init: Uint8Array): string {
  const bytes = Buffer.from(init.buffer, init.byteOffset, init.byteLength)
  const at = bytes.indexOf('avcC', 0, 'latin1')
  // Version, then profile, constraints and level: ISO/IEC 14496-15, 5.3.3.1.
  return at === -1 ? 'mp4a.40.2' : `avc1.${bytes.toString('hex', at + 5, at + 8)}`
}

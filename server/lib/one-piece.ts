/** Bytes that are all here, for whoever takes them as they come. */
export async function* onePiece(bytes: Uint8Array) {
  yield bytes
}

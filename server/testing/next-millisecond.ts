/** What is stamped by the wall clock after this is stamped later than what was stamped before. A timer of a busy process may fire early. */
export async function nextMillisecond(): Promise<void> {
  const was = Date.now()
  while (Date.now() <= was) await new Promise((resolve) => setTimeout(resolve, 1))
}

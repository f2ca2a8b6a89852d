/** Numbers that only grow, each as its distance from the last one, seven bits a byte: about one byte a document. */
class Posting {
  #bytes = new Uint8Array(8)
  #used = 0
  #last = -1
  count = 0

  add(document: number): void {
    if (document <= this.#last) return
    let distance = document - this.#last
    if (this.#used + 5 > this.#bytes.length) {
      const larger = new Uint8Array(Math.ceil(this.#bytes.length * 1.5) + 5)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    while (distance >= 128) {
      this.#bytes[this.#used++] = (distance & 127) | 128
      distance >>>= 7
    }
    this.#bytes[this.#used++] = distance
    this.#last = document
    this.count++
  }

  toArray(): Uint32Array {
    const documents = new Uint32Array(this.count)
    let document = -1
    let at = 0
    for (let i = 0; i < this.count; i++) {
      let distance = 0
      for (let shift = 0; ; shift += 7) {
        const byte = this.#bytes[at++] ?? 0
        distance |= (byte & 127) << shift
        if (byte < 128) break
      }
      document += distance
      documents[i] = document
    }
    return documents
  }
}

/** From words of any kind to the documents that have them. Documents are added in the order of their numbers. */
export class Postings {
  readonly #lists = new Map<string, Posting>()
  readonly #byFirst = new Map<string, string[]>()

  add(word: string, document: number): void {
    let list = this.#lists.get(word)
    if (!list) {
      list = new Posting()
      this.#lists.set(word, list)
      const [first = ''] = word
      const there = this.#byFirst.get(first)
      if (there) there.push(word)
      else this.#byFirst.set(first, [word])
    }
    list.add(document)
  }

  get size(): number {
    return this.#lists.size
  }

  words(): IterableIterator<string> {
    return this.#lists.keys()
  }

  countOf(word: string): number {
    return this.#lists.get(word)?.count ?? 0
  }

  of(word: string): Uint32Array {
    return this.#lists.get(word)?.toArray() ?? new Uint32Array(0)
  }

  /** Documents that have all of these; the rarest word leads. */
  all(words: readonly string[]): Uint32Array {
    const [first, ...others] = words.toSorted((a, b) => this.countOf(a) - this.countOf(b))
    if (first === undefined) return new Uint32Array(0)
    let found = this.of(first)
    for (const word of others) {
      // What is left is cheap to look through: a common word more hardly narrows it.
      if (found.length < 64 || this.countOf(word) > 200 * found.length) break
      found = intersect(found, this.of(word))
    }
    return found
  }

  /** Documents with any word that begins so. */
  beginning(prefix: string): Uint32Array {
    const [first = ''] = prefix
    return union((this.#byFirst.get(first) ?? []).filter((word) => word.startsWith(prefix)).map((word) => this.of(word)))
  }
}

function intersect(one: Uint32Array, other: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(one.length, other.length))
  let count = 0
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    const [a = 0, b = 0] = [one[i], other[j]]
    if (a === b) {
      both[count++] = a
      i++
      j++
    } else if (a < b) i++
    else j++
  }
  return both.subarray(0, count)
}

export function union(lists: readonly Uint32Array[]): Uint32Array {
  if (lists.length === 1 && lists[0]) return lists[0]
  const last = Math.max(-1, ...lists.map((list) => list.at(-1) ?? -1))
  const isIn = new Uint8Array(last + 1)
  let count = 0
  for (const list of lists) {
    for (const document of list) {
      count += 1 - (isIn[document] ?? 0)
      isIn[document] = 1
    }
  }
  const all = new Uint32Array(count)
  for (let document = 0, at = 0; document <= last; document++) if (isIn[document]) all[at++] = document
  return all
}

/** Every key and channel that Matinee itself writes into Redis, each with its life. */
export function redisKeys(prefix: string) {
  return {
    /** A channel for each topic of the bus. No life: channels keep nothing. */
    busChannel: (topic: string) => `${prefix}:bus:${topic}`,

    /** When an allowance will be whole again. Lives until then. */
    limit: (key: string) => `${prefix}:limit:${key}`,

    /** Who holds a lock, and by which number. Lives for the lease. */
    lock: (name: string) => `${prefix}:lock:${name}`,
    /** The last fencing number of all. Lives for ever; if it is lost, the clock and the memory of the processes stand in for it. */
    lockFence: `${prefix}:lock-fence`,
    /** A channel on which the names of freed locks are said. */
    lockFreed: `${prefix}:lock-freed`,

    /**
     * A cached value, after a line with the versions of its tags. Lives while fresh or stale. `run` is the server's run id: a server that was
     * restarted, or took over from another, may have forgotten an invalidation, so that nothing older than itself is believed.
     */
    cacheValue: (run: string, key: string) => `${prefix}:cache:${run}:value:${key}`,
    /** Who loads a value just now, and for which versions. Lives for the lease of a load. */
    cacheLoad: (run: string, key: string) => `${prefix}:cache:${run}:load:${key}`,
    /** The version of a tag: a text by chance; gone after an invalidation. Lives a day longer than what was last loaded under it. */
    cacheTag: (run: string, tag: string) => `${prefix}:cache:${run}:tag:${tag}`,
    /** The epoch (a text by chance; another one when everything is doubted) and the number of the last invalidation. Lives a day from the last look. */
    cacheState: (run: string) => `${prefix}:cache:${run}:state`,
    /** The last invalidations by their numbers. Lives a day from the last look. */
    cacheLog: (run: string) => `${prefix}:cache:${run}:log`,
    /** When each process looked last. Lives a day from the last look. */
    cacheMembers: (run: string) => `${prefix}:cache:${run}:members`,
    /** A channel on which invalidations, doubts, and the ends of loads are said. */
    cacheSaid: `${prefix}:cache-said`,

    /**
     * The base of the queue's keys, which its scripts make, all in one slot of a cluster. `:task:ID` a record, until it is swept after its end;
     * `:waiting:KIND`, `:delayed:`, `:running:`, `:done:`, `:parked:`, `:cancelled:` the ids of a kind in a state; `:keys:KIND` which keys
     * are taken; `:kinds`, `:paused`, `:limits` what is known of kinds; `:idle:KIND` processes that want to be told; `:fence`, `:epoch` the last
     * number, and a text that is lost with everything else. Channels: `:ring:PROCESS`, `:cancelled`. All for ever, and all made anew from the
     * rows if they are lost.
     */
    queue: `${prefix}:{queue}`,
  }
}

export type RedisKeys = ReturnType<typeof redisKeys>

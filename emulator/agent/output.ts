/** What is kept of a run's output: its tail, in bounded memory however much is written. */

/** Bytes of a run's output that the service keeps (the agent's log quota). */
export const MAX_OUTPUT_BYTES = 24 * 1024;

export interface Tail {
  /** The last bytes written, at most `MAX_OUTPUT_BYTES`; may begin in the middle of a character, as the service's own does. */
  output: Buffer;
  /** Bytes cut off before them. */
  dropped: number;
}

export interface OutputTail {
  write(chunk: Uint8Array): void;
  read(): Tail;
}

/** A ring that remembers the last `maxBytes` bytes written to it. */
export function createOutputTail(maxBytes: number = MAX_OUTPUT_BYTES): OutputTail {
  const ring = Buffer.alloc(maxBytes);
  let writtenBytes = 0;

  return {
    write(chunk) {
      const kept = chunk.subarray(Math.max(0, chunk.length - maxBytes));
      const at = (writtenBytes + chunk.length - kept.length) % maxBytes;
      const room = Math.min(kept.length, maxBytes - at);
      ring.set(kept.subarray(0, room), at);
      ring.set(kept.subarray(room), 0);
      writtenBytes += chunk.length;
    },
    read() {
      if (writtenBytes <= maxBytes) return { output: Buffer.from(ring.subarray(0, writtenBytes)), dropped: 0 };
      const oldest = writtenBytes % maxBytes;
      return {
        output: Buffer.concat([ring.subarray(oldest), ring.subarray(0, oldest)]),
        dropped: writtenBytes - maxBytes,
      };
    },
  };
}

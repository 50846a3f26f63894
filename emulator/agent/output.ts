/**
 * What the service gets of a run's output, in bounded memory however much is written.
 *
 * The agent sends a piece of it now and then while the script runs, and what is left at the end: of that only as much as the quota allows, the last of it
 * (aliyun_assist_client, agent/taskengine/basetask.go). So of a short output everything arrives, of a long one its tail, and of a long and slow one
 * its beginning and its tail with a hole between.
 */

/** Bytes of a run's output that the service keeps (the agent's log quota). */
export const MAX_OUTPUT_BYTES = 24 * 1024;
/** Bytes that the agent sends at a time while the script runs, and after how many it sends no more. */
const PIECE_BYTES = 2048;
const ENOUGH_SENT_BYTES = 6000;

/** What the service has of an output. */
export interface Kept {
  /** At most `MAX_OUTPUT_BYTES`; may begin in the middle of a character, as the service's own does. */
  output: Buffer;
  /** Bytes that it never got. */
  dropped: number;
}

export interface Output {
  write(chunk: Uint8Array): void;
  /** Whether there is a piece to send while the script runs. */
  readonly hasPiece: boolean;
  /** Sends the next piece to the service. */
  sendPiece(): void;
  /** What has been sent so far. */
  readSent(): Kept;
  /** What the service has once the rest is sent as well. */
  read(): Kept;
}

/** Takes all that is written, however much. */
export type Copy = (chunk: Uint8Array) => void;

/** The output of one run. */
export function createOutput(quotaBytes: number = MAX_OUTPUT_BYTES, copy?: Copy): Output {
  const tail = createTail(quotaBytes);
  const head = createHead(ENOUGH_SENT_BYTES + PIECE_BYTES);
  let sentBytes = 0;

  return {
    write(chunk) {
      head.write(chunk);
      tail.write(chunk);
      copy?.(chunk);
    },
    get hasPiece() {
      return sentBytes <= ENOUGH_SENT_BYTES && sentBytes < tail.writtenBytes;
    },
    sendPiece() {
      if (sentBytes <= ENOUGH_SENT_BYTES) sentBytes += Math.min(PIECE_BYTES, tail.writtenBytes - sentBytes);
    },
    readSent: () => ({ output: head.read(sentBytes), dropped: 0 }),
    read() {
      const dropped = Math.max(0, tail.writtenBytes - quotaBytes);
      if (dropped === 0) return { output: tail.read(tail.writtenBytes), dropped };
      return { output: Buffer.concat([head.read(sentBytes), tail.read(quotaBytes - sentBytes)]), dropped };
    },
  };
}

/** The first `maxBytes` bytes written to it. */
function createHead(maxBytes: number): { write(chunk: Uint8Array): void; read(bytes: number): Buffer } {
  const chunks: Buffer[] = [];
  let leftBytes = maxBytes;
  return {
    write(chunk) {
      if (leftBytes === 0 || chunk.length === 0) return;
      const kept = Buffer.from(chunk.subarray(0, leftBytes));
      chunks.push(kept);
      leftBytes -= kept.length;
    },
    read: (bytes) => Buffer.concat(chunks).subarray(0, bytes),
  };
}

/** A ring that remembers the last `maxBytes` bytes written to it. */
function createTail(maxBytes: number): {
  write(chunk: Uint8Array): void;
  /** The last of them. */
  read(bytes: number): Buffer;
  readonly writtenBytes: number;
} {
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
    read(bytes) {
      const end = writtenBytes % maxBytes;
      const wrapped = Buffer.concat([ring.subarray(end), ring.subarray(0, end)]);
      return wrapped.subarray(maxBytes - Math.min(bytes, writtenBytes));
    },
    get writtenBytes() {
      return writtenBytes;
    },
  };
}

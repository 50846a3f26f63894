/**
 * Bounds what a request may take in all. The library bounds a silence, and of a connection that is used again not even that:
 * the timer of an earlier request takes off that of a later one. It does not bound how much it reads.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** What to do with the requests that begin within a call of {@link cutOff}: the library hands none of its own out. */
const begun = new AsyncLocalStorage<(request: ClientRequest) => void>();

subscribe("http.client.request.start", (message) => {
  begun.getStore()?.((message as { request: ClientRequest }).request);
});

export interface Limits {
  /** Milliseconds until the answer must have ended. */
  longestMs: number;
  /** Bytes that an answer may have, found out soon after. */
  mostBytes: number;
}

/** An answer that did not end in time, or before it was too long. */
export class CutOff extends Error {
  override readonly name = "CutOff";

  constructor(
    readonly exceeded: keyof Limits,
    message: string,
  ) {
    super(message);
  }
}

const LOOK_MS = 50;

/**
 * Sends, and ends every request that this began once a limit is passed.
 * @param onHead told the HTTP status of an answer that begins
 * @throws {CutOff} when the answer has not ended by then
 */
export async function cutOff<T>(
  { longestMs, mostBytes }: Limits,
  send: () => Promise<T>,
  onHead: (status: number) => void = () => {},
): Promise<T> {
  const requests: ClientRequest[] = [];
  const timers: NodeJS.Timeout[] = [];
  let reject: (reason: CutOff) => void = () => {};
  const passed = new Promise<never>((_, fail) => {
    reject = fail;
  });
  const end = (exceeded: keyof Limits, message: string): void => {
    const reason = new CutOff(exceeded, message);
    reject(reason);
    for (const request of requests) request.destroy(reason);
  };
  const watch = ({ statusCode = 0, socket }: IncomingMessage): void => {
    onHead(statusCode);
    // Whoever listens to the data itself takes it from the library; a connection that is used again has read before.
    const before = socket.bytesRead;
    const look = (): void => {
      if (socket.bytesRead - before <= mostBytes) return;
      end("mostBytes", `Cannot read the answer: it goes on after ${mostBytes} bytes`);
    };
    timers.push(setInterval(look, LOOK_MS));
  };
  const late = (): void =>
    end("longestMs", `Cannot wait for the answer any longer: it has not ended after ${longestMs} ms`);
  timers.push(setTimeout(late, longestMs));
  const begin = (request: ClientRequest): void => {
    requests.push(request);
    request.once("response", watch);
  };
  try {
    return await Promise.race([begun.run(begin, send), passed]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/**
 * Bounds what a request may take in all. The library bounds a silence, and of a connection that is used again not even that:
 * the timer of an earlier request takes off that of a later one.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";

/** The requests that begin within a call of {@link cutOff}: the library hands none of its own out. */
const begun = new AsyncLocalStorage<ClientRequest[]>();

subscribe("http.client.request.start", (message) => {
  begun.getStore()?.push((message as { request: ClientRequest }).request);
});

/** An answer that had not ended when its time was over. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/**
 * Sends, and ends every request that this began once `limitMs` milliseconds are over.
 * @throws {CutOff} when the answer has not ended by then
 */
export async function cutOff<T>(limitMs: number, send: () => Promise<T>): Promise<T> {
  const requests: ClientRequest[] = [];
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new CutOff(`Cannot wait for the answer any longer: it has not ended after ${limitMs} ms`);
      reject(reason);
      for (const request of requests) request.destroy(reason);
    }, limitMs);
  });
  try {
    return await Promise.race([begun.run(requests, send), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The control API as the page asks it: one request, and the stream of events for as long as it lasts. */
import type { EmulatorEvent } from "../events";
import { parseStream } from "./stream";

/** The emulator answered, and refused. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "Refused";
    this.status = status;
  }
}

export interface Connection {
  /** @throws Refused; TypeError when there is no answer */
  ask<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  /**
   * Hands over what comes after an event, in the batches in which it arrives, until the connection ends.
   * @throws Refused; TypeError when it breaks
   */
  listen(since: number, take: (events: readonly EmulatorEvent[]) => void, onOpen: () => void): Promise<void>;
}

export function connect(token: string): Connection {
  const request = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const response = await fetch(`/_emulator/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      cache: "no-store",
    });
    if (response.ok) return response;
    const { error = response.statusText } = await response.json().catch(() => ({}));
    throw new Refused(response.status, error);
  };

  return {
    async ask(method, path, body) {
      return (await request(method, path, {}, body ?? (method === "GET" ? undefined : {}))).json();
    },
    async listen(since, take, onOpen) {
      const { body } = await request("GET", "events", { "last-event-id": String(since) });
      if (body === null) return;
      onOpen();
      let rest = "";
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const parsed = parseStream(rest + value);
        rest = parsed.rest;
        if (parsed.events.length > 0) take(parsed.events.map((data) => JSON.parse(data)));
      }
    },
  };
}

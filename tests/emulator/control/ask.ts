// A request of the control API, as its client writes it.
import { type Answer, send } from "../client";

export interface Controlled {
  readonly url: string;
  readonly emulator: { readonly controlToken: string };
}

export function ask({ url, emulator }: Controlled, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${emulator.controlToken}`, "content-type": "application/json" };
  const text = body === undefined ? "" : JSON.stringify(body);
  return send(url, { method, path: `/_emulator${path}`, headers, body: text });
}

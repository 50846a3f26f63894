import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, createClient } from "../../../provider/cloud/client";
import type { Credential, Settings } from "../../../provider/cloud/credentials";

export interface Call {
  action: string;
  parameters: Record<string, string>;
  headers: IncomingMessage["headers"];
}

/** What the service says: an answer, or one of the ways to say nothing. */
export type Answer =
  | { status?: number; body: unknown; headers?: Record<string, string> }
  | { html: string; status: number }
  /** One blank every so often, for ever. */
  | { blankEveryMs: number; onClose?: () => void }
  /** Blanks as fast as they are taken, for ever. */
  | { endless: true }
  | "close"
  | "silence";

export interface Service {
  settings: Settings;
  client: Client;
  calls: Call[];
  stop(): Promise<void>;
}

export const KEY: Credential = { accessKeyId: "LTAI-test-key", accessKeySecret: "test-secret-of-the-key" };

/** An HTTP server that answers each call as it is told. */
export async function startService(answer: (call: Call, count: number) => Answer): Promise<Service> {
  const calls: Call[] = [];
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://service");
    const action = String(request.headers["x-acs-action"]);
    const call = { action, parameters: Object.fromEntries(searchParams), headers: request.headers };
    calls.push(call);
    reply(answer(call, calls.length), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const settings: Settings = {
    regionId: "cn-hangzhou",
    endpoint: `127.0.0.1:${port}`,
    protocol: "HTTP",
    credential: async () => KEY,
  };
  return {
    settings,
    client: createClient(settings),
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply(answer: Answer, response: ServerResponse): void {
  if (answer === "silence") return;
  if (answer === "close") {
    response.destroy();
    return;
  }
  if ("blankEveryMs" in answer) {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write(" "), answer.blankEveryMs);
    response.on("close", () => {
      clearInterval(timer);
      answer.onClose?.();
    });
    return;
  }
  if ("endless" in answer) {
    response.writeHead(200, { "content-type": "application/json" });
    const more = (): void => {
      if (!response.destroyed) response.write(" ".repeat(100_000), () => setImmediate(more));
    };
    more();
    return;
  }
  if ("html" in answer) {
    response.writeHead(answer.status, { "content-type": "text/html" }).end(answer.html);
    return;
  }
  const { status = 200, body, headers = {} } = answer;
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** The service's own form of a failure. */
export const failure = (status: number, code: string, message: string): Answer => ({
  status,
  body: { RequestId: REQUEST_ID, HostId: "ecs.cn-hangzhou.aliyuncs.com", Code: code, Message: message },
});

export const REQUEST_ID = "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E";
export const THROTTLED = failure(400, "Throttling.User", "Request was denied due to user flow control.");
export const UNAVAILABLE = failure(
  503,
  "ServiceUnavailable",
  "The request has failed due to a temporary failure of the server.",
);

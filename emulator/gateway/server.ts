/** The socket: reads bounded requests, hands them to a protocol, writes what it answers. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { formatError, refusal, type ServiceError } from "../errors";
import { MAX_BODY_BYTES, MAX_HEADER_BYTES } from "../limits";
import { encodeBody, formatContentType } from "./encoding";
import type { HttpReply, HttpRequest, Verdict } from "./protocol";

export type Respond = (request: HttpRequest) => Verdict | Promise<Verdict>;

export interface Listener {
  /** `http://host:port` */
  readonly url: string;
  close(): Promise<void>;
}

/** Slow senders are cut off after this time. */
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 60_000;
const MAX_CONNECTIONS = 10_000;

export async function listen(host: string, port: number, respond: Respond): Promise<Listener> {
  const delays = new Set<NodeJS.Timeout>();
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => serve(request, response, respond, delays),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await bind(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        for (const delay of delays) clearTimeout(delay);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
  delays: Set<NodeJS.Timeout>,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("error", () => response.destroy());
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else refuseBody(request, response);
  });
  request.on("end", () => {
    if (size > MAX_BODY_BYTES) return;
    const received: HttpRequest = {
      method: request.method ?? "",
      url: request.url ?? "/",
      headers: joinHeaders(request),
      body: Buffer.concat(chunks),
    };
    void answer(received, respond).then((verdict) => deliver(response, verdict, delays));
  });
}

/** A failure that is nobody's refusal is our own mistake: it is told where a developer sees it, and the others are served on. */
async function answer(request: HttpRequest, respond: Respond): Promise<Verdict> {
  try {
    return await respond(request);
  } catch (error) {
    console.error(error);
    return formatRefusal(refusal("InternalError"), request.headers.host);
  }
}

/** A refusal in which the protocol had no part. */
function formatRefusal(error: ServiceError, host = ""): HttpReply & { readonly body: string } {
  return {
    status: error.status,
    headers: { "content-type": formatContentType("JSON") },
    body: encodeBody({ ...formatError(error, randomUUID().toUpperCase(), host) }, "JSON", "Error"),
    delayMs: 0,
  };
}

function deliver(response: ServerResponse, verdict: Verdict, delays: Set<NodeJS.Timeout>): void {
  if (verdict === "drop") {
    response.destroy();
    return;
  }
  if (verdict.delayMs <= 0) {
    write(response, verdict);
    return;
  }
  const delay = setTimeout(() => {
    delays.delete(delay);
    write(response, verdict);
  }, verdict.delayMs);
  delays.add(delay);
}

/** Answers at once and reads no further; the rest of the body is of no interest. */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) return;
  request.pause();
  const refused = formatRefusal(refusal("RequestEntityTooLarge"), request.headers.host);
  response.writeHead(refused.status, { ...refused.headers, connection: "close" });
  response.end(refused.body, () => request.destroy());
}

function joinHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return headers;
}

function write(response: ServerResponse, { status, headers, body }: HttpReply): void {
  if (response.destroyed) return;
  if (typeof body === "string" || Buffer.isBuffer(body)) {
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.end(body);
    return;
  }
  response.writeHead(status, headers);
  // Whoever goes away in the middle is no failure.
  pipeline(Readable.from(body), response).catch(() => {});
}
